namespace Runback.Lab;

/// <summary>An image that the lab builds, named by the fingerprint of what goes into it.</summary>
/// <param name="Reference">Its name and tag.</param>
/// <param name="InputsHash">The fingerprint of its inputs.</param>
/// <param name="Dockerfile">The Dockerfile's path.</param>
/// <param name="Files">The build context: files by their path in it.</param>
/// <param name="Arguments">Build arguments.</param>
/// <param name="Labels">Labels beside the lab's own.</param>
public sealed record LabImage(
    string Reference,
    string InputsHash,
    string Dockerfile,
    IReadOnlyList<KeyValuePair<string, string>> Files,
    IReadOnlyDictionary<string, string> Arguments,
    IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The label that every image and container of a lab carries.</summary>
    public const string Mark = "runback.lab";

    /// <summary>The label that holds the fingerprint.</summary>
    public const string InputsLabel = "runback.lab.inputs";

    /// <summary>The label of a release that holds its repository, and so tells the labs of one host apart.</summary>
    public const string RepositoryLabel = "runback.lab.repository";

    /// <summary>One of the lab's own services, from <c>images/&lt;name&gt;</c>.</summary>
    /// <param name="sources">The folder with the lab's sources.</param>
    /// <param name="name">The folder's name, and the image's.</param>
    /// <param name="parent">The image that it starts from.</param>
    /// <param name="major">The major version of what it serves, where several can be had.</param>
    public static LabImage Service(string sources, string name, string parent, int? major = null)
    {
        var folder = Path.Combine(sources, "images", name);
        var files = Fingerprint.FilesOf(folder).ToList();
        var fingerprint = Fingerprint.Of(files, parent);
        var arguments = new Dictionary<string, string> { ["BASE"] = parent };
        if (major is not null)
            arguments["MAJOR"] = $"{major}";
        var version = major is null ? "" : $"{major}-";
        return new($"runback-lab/{name}:{version}{fingerprint}", fingerprint, Path.Combine(folder, "Dockerfile"), files, arguments, new Dictionary<string, string>());
    }

    /// <summary>A release of the sample application.</summary>
    /// <param name="options">The lab.</param>
    /// <param name="release">The release.</param>
    /// <param name="python">The image that all releases share.</param>
    public static LabImage Of(LabOptions options, Release release, string python)
    {
        var files = release.Files(options.Sources).ToList();
        var dockerfile = Path.Combine(options.Sources, "images", "release", "Dockerfile");
        var fingerprint = Fingerprint.Of(files, python, File.ReadAllText(dockerfile), release.Tag, release.Created.ToString("O"));
        return new($"{options.Image}:{release.Tag}", fingerprint, dockerfile, files, new Dictionary<string, string> { ["PYTHON"] = python },
            new Dictionary<string, string>
            {
                // https://specs.opencontainers.org/image-spec/annotations/
                [RepositoryLabel] = options.Image,
                ["org.opencontainers.image.title"] = "cleaning",
                ["org.opencontainers.image.version"] = release.Tag,
                ["org.opencontainers.image.created"] = release.Created.ToString("yyyy-MM-ddTHH:mm:ssZ"),
                ["org.opencontainers.image.revision"] = fingerprint,
            });
    }
}
