using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>There is a backup that fits the target release: it has the release's migrations, and none that would hurt it.</summary>
public sealed class RestorePointGate : IGate
{
    /// <inheritdoc/>
    public string Name => "restore point";

    /// <inheritdoc/>
    public bool Concerns(Course course) => course == Course.Restore;

    /// <inheritdoc/>
    public Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation)
    {
        try
        {
            var point = RestorePoint.Choose(
                context.Request.Point, context.Deployment.BackupPath, context.Deployment.Database, revisions => StrategyChoices.Fits(revisions, context.History));
            var backup = point.Backup;
            return Task.FromResult(new GateResult(Name, true,
                string.Join("; ", [$"{backup.File}, taken {backup.At:yyyy-MM-dd HH:mm:ss} UTC, at {string.Join(", ", backup.Facts?.Revisions ?? ["an unknown revision"])}", .. point.Warnings])));
        }
        catch (RunbookException exception)
        {
            return Task.FromResult(new GateResult(Name, false, exception.Message, exception.Hint));
        }
    }
}
