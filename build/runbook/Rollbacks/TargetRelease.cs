using Runback.Runbook.Cutover;

namespace Runback.Runbook.Rollbacks;

/// <summary>The release to go back to, as far as it is known before anything changes.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Digest">Its digest in the registry, or null when the registry couldn't say.</param>
/// <param name="Prepared">Its image on the engine's host, or null when it isn't there (in a dry run nothing is pulled).</param>
public sealed record TargetRelease(string Tag, string? Digest, PreparedRelease? Prepared)
{
    /// <summary>The tag variable's value that pins it.</summary>
    public string PinValue => Prepared?.PinValue ?? Pin.Value(Tag, Digest);
}
