using Docker.DotNet.Models;

namespace Runback.Runbook.Engines;

/// <summary>An image on the engine's host.</summary>
/// <param name="Id">Its id: the digest of its configuration.</param>
/// <param name="RepoDigests">The digests under which registries know it, as repository@sha256:…; none for an image built on this host.</param>
/// <param name="RepoTags">Its tags on this host.</param>
/// <param name="Created">When it was built, UTC.</param>
/// <param name="WorkingDirectory">The folder that its command starts in.</param>
/// <param name="Labels">Its labels.</param>
public sealed record Image(
    string Id, IReadOnlyList<string> RepoDigests, IReadOnlyList<string> RepoTags, DateTimeOffset Created,
    string WorkingDirectory, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>The TCP ports that it says it listens on.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>The environment that it gives its containers, as NAME=value.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The folders for which its containers get volumes of their own.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <summary>Its command.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Its entrypoint.</summary>
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    /// <summary>Its user; empty for root.</summary>
    public string User { get; init; } = "";

    /// <summary>
    /// Everything that identifies it: its id, and every digest under which a registry knows it. One image has several where it was promoted from one repository to
    /// another, or an index was put around it.
    /// </summary>
    public IEnumerable<string> Identities => RepoDigests.Select(digest => digest[(digest.IndexOf('@', StringComparison.Ordinal) + 1)..]).Prepend(Id);

    /// <summary>The digest under which a repository knows the image, as sha256:…, or null.</summary>
    /// <param name="repository">The repository, as the compose file names it.</param>
    /// <param name="asked">The digest by which it was asked for: of several the one that is meant.</param>
    public string? DigestIn(string repository, string? asked = null)
    {
        var known = RepoDigests.Select(digest => digest.Split('@', 2)).Where(parts => parts.Length == 2 && SameRepository(parts[0], repository)).Select(parts => parts[1]).ToList();
        return known.Find(digest => digest == asked) ?? known.FirstOrDefault();
    }

    /// <summary>
    /// A value of the tag variable under which Compose uses this very image, or null when the repository knows it neither by tag nor by digest.
    /// A digest decides alone; the tag before it is for people.
    /// </summary>
    /// <param name="repository">The repository, as the compose file names it.</param>
    public string? PinIn(string repository)
    {
        var tag = RepoTags.Where(reference => reference.LastIndexOf(':') is var at and > 0 && SameRepository(reference[..at], repository))
            .Select(reference => reference[(reference.LastIndexOf(':') + 1)..]).FirstOrDefault();
        return DigestIn(repository) is { } digest ? Cutover.Pin.Value(tag ?? "image", digest) : tag;
    }

    /// <summary>Reads the engine's answer to <c>GET /images/{name}/json</c>.</summary>
    internal static Image From(ImageInspectResponse answer) => new(
        answer.ID,
        [.. answer.RepoDigests ?? []],
        [.. answer.RepoTags ?? []],
        answer.Created is { } created ? new DateTimeOffset(DateTime.SpecifyKind(created.ToUniversalTime(), DateTimeKind.Utc)) : DateTimeOffset.MinValue,
        answer.Config?.WorkingDir is { Length: > 0 } folder ? folder : "/",
        answer.Config?.Labels?.ToDictionary(label => label.Key, label => label.Value ?? "", StringComparer.Ordinal) ?? [])
    {
        Environment = [.. answer.Config?.Env ?? []],
        Volumes = [.. answer.Config?.Volumes?.Keys ?? []],
        Command = [.. answer.Config?.Cmd ?? []],
        Entrypoint = [.. answer.Config?.Entrypoint ?? []],
        User = answer.Config?.User ?? "",
        Ports = [.. answer.Config?.ExposedPorts?.Keys.Select(port => port.Split('/')).Where(port => port[^1] == "tcp").Select(port => int.Parse(port[0])) ?? []],
    };

    // The engine drops Docker Hub's prefixes, which a compose file may spell out.
    private static bool SameRepository(string left, string right) => string.Equals(Short(left), Short(right), StringComparison.Ordinal);

    private static string Short(string repository)
    {
        foreach (var prefix in (ReadOnlySpan<string>)["docker.io/library/", "index.docker.io/", "docker.io/"])
        {
            if (repository.StartsWith(prefix, StringComparison.Ordinal))
                return repository[prefix.Length..];
        }
        return repository;
    }
}
