using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Releases;

/// <summary>
/// An image's name, by the grammar of the distribution project's <c>reference</c> package: <c>[host[:port]/]path[:tag][@digest]</c>.
/// As there, a first component is a host only when it holds a dot, a colon or an upper-case letter, or is <c>localhost</c>; else the image is
/// on Docker Hub, whose single-word images live under <c>library/</c>.
/// </summary>
public sealed partial record ImageReference
{
    /// <summary>The name that references use for Docker Hub.</summary>
    public const string DockerHub = "docker.io";

    private const int MaximumPathLength = 255;
    private const int MaximumLength = 1024;

    private ImageReference(string registry, string repository, Tag? tag, Digest? digest)
    {
        Registry = registry;
        Repository = repository;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>The registry's host, with its port where one is given; <see cref="DockerHub"/> where none is named.</summary>
    public string Registry { get; }

    /// <summary>The repository's path in the registry, with <c>library/</c> where Docker Hub implies it.</summary>
    public string Repository { get; }

    /// <summary>The tag, where one is given.</summary>
    public Tag? Tag { get; }

    /// <summary>The digest, where one is given.</summary>
    public Digest? Digest { get; }

    /// <summary>Registry and repository, without tag or digest: two references with one name are the same image.</summary>
    public string Name => $"{Registry}/{Repository}";

    /// <summary>Whether the image lives on Docker Hub.</summary>
    public bool IsOnDockerHub => Registry == DockerHub;

    /// <summary>The registry's host without its port, an IPv6 address without its brackets.</summary>
    public string Host
    {
        get
        {
            var port = Port().Match(Registry);
            return (port.Success ? Registry[..port.Index] : Registry).Trim('[', ']');
        }
    }

    /// <summary>Whether the registry is on this machine: <c>localhost</c>, 127.0.0.0/8 or <c>::1</c>.</summary>
    public bool IsOnLoopback =>
        string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The same image with another tag and no digest.</summary>
    public ImageReference With(Tag tag) => new(Registry, Repository, tag, null);

    /// <summary>The same image with a digest beside its tag.</summary>
    public ImageReference With(Digest digest) => new(Registry, Repository, Tag, digest);

    /// <summary>Reads a reference.</summary>
    /// <exception cref="RunbookException">The text is no reference; the outcome is <see cref="Outcome.Usage"/>.</exception>
    public static ImageReference Parse(string text) => TryParse(text, out var reference)
        ? reference
        : throw RunbookException.Usage(
            $"expected an image as [host[:port]/]path[:tag][@digest], in lower case, found {Untrusted.Quote(text)}",
            "correct the profile's image, for example registry.example.com:5000/team/api");

    /// <summary>Whether the text is a reference; gives it.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        if (text is null || text.Length > MaximumLength)
            return false;
        var (registry, rest) = Split(text);
        var match = Remainder().Match(rest);
        if (!IsRegistry(registry) || !match.Success)
            return false;
        var path = match.Groups["path"].Value;
        // Sixty-four hexadecimal characters alone are an image id to every Docker tool, so no repository may be called that.
        if (text == path && ImageId().IsMatch(path))
            return false;
        if (registry == DockerHub && !path.Contains('/', StringComparison.Ordinal))
            path = "library/" + path;
        Tag? tag = null;
        Digest? digest = null;
        if (path.Length > MaximumPathLength
            || (match.Groups["tag"] is { Success: true } written && !Tag.TryParse(written.Value, out tag))
            || (match.Groups["digest"] is { Success: true } named && !Digest.TryParse(named.Value, out digest)))
        {
            return false;
        }
        reference = new ImageReference(registry, path, tag, digest);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Name + (Tag is null ? "" : $":{Tag}") + (Digest is null ? "" : $"@{Digest}");

    private static (string Registry, string Remainder) Split(string text)
    {
        var slash = text.IndexOf('/');
        var first = slash < 0 ? "" : text[..slash];
        var isHost = first == "localhost" || first.AsSpan().ContainsAny('.', ':') || first.Any(char.IsAsciiLetterUpper);
        if (!isHost)
            return (DockerHub, text);
        return (first == "index.docker.io" ? DockerHub : first, text[(slash + 1)..]);
    }

    private static bool IsRegistry(string registry)
    {
        var match = Domain().Match(registry);
        if (!match.Success)
            return false;
        if (match.Groups["ipv6"] is { Success: true } address && !IPAddress.TryParse(address.Value, out _))
            return false;
        return match.Groups["port"] is not { Success: true } port
            || (ushort.TryParse(port.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0);
    }

    [GeneratedRegex(
        @"\A(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[(?<ipv6>[a-fA-F0-9:]+)\])(?::(?<port>[0-9]+))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Domain();

    [GeneratedRegex(
        @"\A(?<path>[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)(?::(?<tag>[a-zA-Z0-9_][a-zA-Z0-9._-]*))?(?:@(?<digest>[a-z0-9:]+))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Remainder();

    [GeneratedRegex(@"\A[a-f0-9]{64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ImageId();

    [GeneratedRegex(@":[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Port();
}
