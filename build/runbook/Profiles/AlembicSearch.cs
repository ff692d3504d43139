using System.Formats.Tar;
using Runback.Runbook.Engines;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Profiles;

/// <summary>Looks for Alembic's configuration: in the containers and images of the release, then in the folders that they are built from.</summary>
/// <param name="engine">The engine.</param>
internal sealed class AlembicSearch(EngineApi engine)
{
    private const int MostDepth = 3;
    private static readonly string[] InImage = ["alembic.ini", "pyproject.toml", "backend/alembic.ini", "app/alembic.ini", "src/alembic.ini", "migrations/alembic.ini"];
    private static readonly string[] Elsewhere = ["node_modules", ".git", ".venv", "venv", "site-packages", "__pycache__", ".tox"];

    /// <summary>Where the revisions are; null when that isn't found.</summary>
    public async Task<AlembicPlace?> FindAsync(ProjectSurvey survey, CancellationToken cancellation)
    {
        var draft = new ProposalDraft(new Dictionary<string, System.Text.Json.Nodes.JsonNode>());
        var app = AppRules.Find(survey, DatabaseRules.Find(survey, draft), draft);
        if (survey.EngineProblem is null)
        {
            foreach (var service in app.All.DistinctBy(service => service.Compose.Image))
            {
                if (await InImageAsync(survey.Name, service, cancellation) is { } found)
                    return found;
            }
        }
        return app.All.Select(service => service.BuildContext).OfType<string>().Append(survey.Folder).Distinct(StringComparer.Ordinal).Select(root => InSources(root, app)).FirstOrDefault(found => found is not null);
    }

    private async Task<AlembicPlace?> InImageAsync(string project, SurveyedService service, CancellationToken cancellation)
    {
        try
        {
            // What is only built is called so (Compose Specification, "build").
            if (await engine.ImageAsync(service.Container?.ImageId ?? service.Compose.Image ?? $"{project}-{service.Name}", cancellation) is not { } image)
                return null;
            foreach (var path in InImage)
            {
                var full = $"{image.WorkingDirectory.TrimEnd('/')}/{path}";
                // A container that is there is read as it is; an image by itself needs one to be made, and removed.
                var tar = service.Container is { } container ? await engine.ContainerArchiveAsync(container.Id, full, cancellation) : await engine.ArchiveAsync(image.Id, full, cancellation);
                if (tar is not null && Content(tar) is { } text && Versions(path, text) is { } folder)
                    return new AlembicPlace(folder, IsInImage: true, $"{path} in the image of {service.Name}");
            }
        }
        catch (RunbookException)
        {
            // An image that can't be read tells nothing; the sources may.
        }
        return null;
    }

    private static AlembicPlace? InSources(string root, AppChoice app)
    {
        try
        {
            foreach (var file in Candidates(root, 0).OrderBy(file => file.Count(c => c == Path.DirectorySeparatorChar)))
            {
                var relative = Path.GetRelativePath(root, file).Replace('\\', '/');
                // Alembic looks for its file where it is started, unless it is told another place.
                var isNamed = app.All.Any(service => service.CommandText.Contains($" {relative}", StringComparison.Ordinal));
                var text = File.ReadAllText(file);
                var path = isNamed ? relative : IsFlask(text) ? string.Join('/', relative.Split('/').TakeLast(2)) : Path.GetFileName(relative);
                if (Versions(path, text) is { } folder)
                    return new AlembicPlace(folder, IsInImage: false, $"{file}, as if that folder were the image's working directory");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        return null;
    }

    private static IEnumerable<string> Candidates(string folder, int depth)
    {
        foreach (var name in (string[])["alembic.ini", "pyproject.toml"])
        {
            if (RegularFile.Is(Path.Combine(folder, name)) && new FileInfo(Path.Combine(folder, name)).Length < 1 << 20)
                yield return Path.Combine(folder, name);
        }
        if (depth >= MostDepth)
            yield break;
        foreach (var below in Directory.EnumerateDirectories(folder).Where(below => !Elsewhere.Contains(Path.GetFileName(below)) && new DirectoryInfo(below).LinkTarget is null).Order(StringComparer.Ordinal).Take(64))
        {
            foreach (var file in Candidates(below, depth + 1))
                yield return file;
        }
    }

    /// <summary>The folder of revision files that a configuration names; null when it is none of Alembic's.</summary>
    /// <param name="path">The configuration's own path, from the image's working directory on.</param>
    /// <param name="text">Its text.</param>
    internal static string? Versions(string path, string text)
    {
        try
        {
            var here = Path.GetDirectoryName(path)?.Replace('\\', '/') ?? "";
            var setting = path.EndsWith(".toml", StringComparison.Ordinal) ? AlembicToml.Parse(text, here)
                : AlembicIni.All(text, here).OrderByDescending(section => section.ScriptLocation is not null).FirstOrDefault();
            if (setting is null)
                return null;
            // Flask-Migrate sets no location: the revisions are beside the file.
            var location = setting.VersionLocations.Count > 0 ? setting.VersionLocations[0] : $"{setting.ScriptLocation ?? (here.Length > 0 ? "." : "alembic")}/versions";
            location = location.Replace(':', '/');
            if (location.StartsWith('/'))
                return location;
            var parts = new List<string>();
            foreach (var part in (here.Length > 0 && location != here && !location.StartsWith(here + "/", StringComparison.Ordinal) ? $"{here}/{location}" : location).Split('/'))
            {
                if (part == ".." && parts.Count > 0)
                    parts.RemoveAt(parts.Count - 1);
                else if (part is not ("" or "."))
                    parts.Add(part);
            }
            return parts.Count == 0 ? null : string.Join('/', parts);
        }
        catch (RunbookException)
        {
            return null;
        }
    }

    // Flask-Migrate keeps the file beside the revisions, and starts above them. Its template names its logger.
    private static bool IsFlask(string text) => text.Contains("flask_migrate", StringComparison.Ordinal);

    private static string? Content(byte[] tar)
    {
        using var reader = new TarReader(new MemoryStream(tar));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } data && entry.Length < 1 << 20)
                return new StreamReader(data).ReadToEnd();
        }
        return null;
    }
}
