namespace Runback.Runbook.Releases;

/// <summary>What runs now, as far as a list of releases cares.</summary>
/// <param name="Tag">The tag of the running containers' image, or null when it is unknown or they differ.</param>
/// <param name="Digests">By service: the image's registry digest, or its image id where it was built on the host.</param>
public sealed record RunningRelease(string? Tag, IReadOnlyDictionary<string, string> Digests)
{
    /// <summary>Nothing runs, or nothing is known.</summary>
    public static RunningRelease None { get; } = new(null, new Dictionary<string, string>());
}
