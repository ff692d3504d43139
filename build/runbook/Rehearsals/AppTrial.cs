using Runback.Runbook.Runs;

namespace Runback.Runbook.Rehearsals;

/// <summary>How a release behaved over a schema.</summary>
/// <param name="Passed">Whether every check passed.</param>
/// <param name="Checks">What was asked, expected and found.</param>
/// <param name="Seconds">How long it took, from the container's creation.</param>
public sealed record AppTrial(bool Passed, IReadOnlyList<CheckRecord> Checks, double Seconds)
{
    /// <summary>The last lines of the release's log when a check failed; secrets are masked.</summary>
    public IReadOnlyList<string> Log { get; init; } = [];
}
