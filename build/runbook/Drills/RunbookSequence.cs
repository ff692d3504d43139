using Runback.Runbook.Rollbacks;

namespace Runback.Runbook.Drills;

/// <summary>
/// The rollback's steps in the runbook's order, for a caller that isn't a graph of targets: preflight, workers drained beside the backup, backup
/// verified, what the strategy does with the database, cutover, verification; and the way back when that went wrong.
/// </summary>
/// <param name="rollback">The operations of one run.</param>
public sealed class RunbookSequence(RollbackOperation rollback)
{
    /// <summary>Runs them. How it went is in the run's result: a step that fails, or an interruption, ends the sequence and throws nothing.</summary>
    /// <param name="cutOver">Called when the cutover is done.</param>
    /// <param name="assured">Gives the token under which the way back runs, after an interruption too.</param>
    /// <param name="cancellation">Interrupts the running step; nothing but the way back begins after it.</param>
    public async Task RunAsync(Action cutOver, Func<CancellationToken> assured, CancellationToken cancellation)
    {
        var draining = Task.FromResult(true);
        var done = await StepAsync("Preflight", rollback.PreflightAsync, cancellation);
        if (done && rollback.IsNeeded)
        {
            if (rollback.Course == Course.Keep)
                draining = StepAsync("DrainWorkers", rollback.DrainAsync, cancellation);
            done = await StepAsync("Backup", rollback.BackupAsync, cancellation)
                && await StepAsync("VerifyBackup", rollback.VerifyBackupAsync, cancellation)
                && await DatabaseAsync(cancellation)
                && (!rollback.Course.CutsOver() || await StepAsync("RollbackApp", rollback.RollbackAppAsync, cancellation));
        }
        done = await draining && done;
        if (done && rollback.Course.CutsOver())
        {
            cutOver();
            await StepAsync("Verify", rollback.VerifyAsync, cancellation);
        }
        if (rollback.HasFailed)
            await StepAsync("ReturnIfWorse", rollback.ReturnIfWorseAsync, assured());
    }

    private async Task<bool> DatabaseAsync(CancellationToken cancellation)
    {
        if (rollback.Course.IsRehearsed() && !await StepAsync("Rehearse", rollback.RehearseAsync, cancellation))
            return false;
        return rollback.Course switch
        {
            Course.Downgrade => await StepAsync("DowngradeDatabase", rollback.DowngradeDatabaseAsync, cancellation),
            Course.Restore => await StepAsync("RestoreDatabase", rollback.RestoreDatabaseAsync, cancellation),
            Course.ForwardFix => await StepAsync("ForwardFix", rollback.ForwardFixAsync, cancellation),
            _ => true,
        };
    }

    // The operation has written a failure into the run's result, as its outcome.
    private async Task<bool> StepAsync(string name, Func<CancellationToken, Task> operation, CancellationToken cancellation)
    {
        rollback.Run.Narration.Say($"-- {name}");
        try
        {
            await rollback.StepAsync(name, operation, cancellation);
            return true;
        }
        catch (Exception exception)
        {
            rollback.Run.Narration.Warn($"{name} failed: {exception.Message}");
            return false;
        }
    }
}
