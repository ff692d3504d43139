using Runback.Runbook.Runs;

namespace Runback.Runbook.Rehearsals;

/// <summary>Does the database part of a rollback first on a copy that is thrown away.</summary>
/// <param name="run">The run it belongs to.</param>
public sealed class Rehearsal(Run run)
{
    /// <summary>Rehearses.</summary>
    /// <exception cref="RunbookException">It couldn't be rehearsed: no room, no scratch server, a damaged dump.</exception>
    public Task<RehearsalResult> RunAsync(RehearsalRequest request, CancellationToken cancellation) =>
        throw RunbookException.Refused($"expected a rehearsal of {request.TargetImage} in run {run.Id}, found that it can't be done here", "update Runback");
}
