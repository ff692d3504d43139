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
        Note(tag, now);
        if (!context.Deployment.IsCopy)
            await KeepAsync(now.Project.Name, cancellation);
        context.Run.Result.To = new Runs.ReleaseRecord(tag, now.Digests);
        context.Run.Result.Database = new Runs.DatabaseRecord(context.Situation?.Revisions, now.Revisions);
    }

    // What verified good runs, whether or not that can be noted: a full disk doesn't make a rollback of it that failed.
    private void Note(string tag, Deployments.Situation now)
    {
        try
        {
            Append(tag, now);
        }
        catch (Runs.RunbookException exception)
        {
            context.Run.Narration.Warn($"the ledger of releases can't be written: {exception.Message}; --tag previous doesn't know of this run", exception.Hint);
        }
    }

    private void Append(string tag, Deployments.Situation now)
    {
        // What a killed run had begun to leave counts too; a release isn't left by arriving at itself.
        if (context.Target is not null && context.Origin is { Tag: { } left } origin
            && !new VerifiedGood(left, origin.Digests, DateTimeOffset.UtcNow, context.Run.Id).IsSameRelease(tag, now.Digests))
        {
            ledger.Append(new RolledBackFrom(left, origin.Digests, DateTimeOffset.UtcNow, context.Run.Id) { Why = context.Request.Reason });
        }
        ledger.Append(new VerifiedGood(tag, now.Digests, DateTimeOffset.UtcNow, context.Run.Id) { Heads = context.TargetHeads });
    }

    // It serves a rollback to come; the one that has just verified good must not fail for it.
    private async Task KeepAsync(string project, CancellationToken cancellation)
    {
        try
        {
            await new ReleaseKeeper(context.Deployment, context.Engine, context.Run.Shell).KeepAsync(project, ledger.Read(), cancellation);
        }
        catch (Runs.RunbookException exception)
        {
            context.Run.Narration.Warn($"the images of the last good releases aren't kept from pruning: {exception.Message}", exception.Hint);
        }
    }
}
