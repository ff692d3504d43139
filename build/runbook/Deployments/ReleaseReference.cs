namespace Runback.Runbook.Deployments;

/// <summary>The parts of an image reference: repository, tag and digest (OCI distribution reference grammar).</summary>
/// <param name="Repository">Registry and path.</param>
/// <param name="Tag">The tag, or null.</param>
/// <param name="Digest">The digest as sha256:…, or null.</param>
public sealed record ReleaseReference(string Repository, string? Tag, string? Digest)
{
    /// <summary>Takes a reference apart. A colon before the last slash is the registry's port, not a tag.</summary>
    public static ReleaseReference Parse(string reference)
    {
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : reference[(at + 1)..];
        var name = at < 0 ? reference : reference[..at];
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/')
            ? new ReleaseReference(name[..colon], name[(colon + 1)..], digest)
            : new ReleaseReference(name, null, digest);
    }
}
