namespace Runback.Runbook.Releases;

/// <summary>A release as a registry shows it.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="PublishedAt">When it was built (by its image's config) or pushed (by Docker Hub), in UTC; null when unknown.</param>
/// <param name="Digest">What the tag stands for now; null when it wasn't asked.</param>
public sealed record PublishedRelease(Tag Tag, DateTimeOffset? PublishedAt, Digest? Digest)
{
    /// <summary>The image's labels, where its config was read.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Why date and digest could not be read, or null.</summary>
    public string? Problem { get; init; }
}
