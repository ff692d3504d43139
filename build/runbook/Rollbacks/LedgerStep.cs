using Runback.Runbook.Releases;

namespace Runback.Runbook.Rollbacks;

/// <summary>Notes in the ledger what a verification proved: which release is good, and which one was rolled back from (trap 18).</summary>
/// <param name="context">The run's context.</param>
/// <param name="ledger">The deployment's ledger.</param>
public sealed class LedgerStep(RollbackContext context, Ledger ledger)
{
    /// <summary>Notes the release that was just verified, and, when a rollback brought it, the one that it replaced.</summary>
    public async Task NoteAsync(CancellationToken cancellation)
    {
        if (context.Run.DryRun || !context.Verified)
            return;
        var now = await context.Observer.ObserveAsync(cancellation);
        if (now.RunningTag is not { } tag)
            return;
        if (context.Changed && context.Situation is { RunningTag: { } left } before && context.Target is not null)
            ledger.Append(new RolledBackFrom(left, before.Digests, DateTimeOffset.UtcNow, context.Run.Id) { Why = context.Request.Reason });
        ledger.Append(new VerifiedGood(tag, now.Digests, DateTimeOffset.UtcNow, context.Run.Id) { Heads = context.TargetHeads });
        context.Run.Result.To = new Runs.ReleaseRecord(tag, now.Digests);
        context.Run.Result.Database = new Runs.DatabaseRecord(context.Situation?.Revisions, now.Revisions);
    }
}
