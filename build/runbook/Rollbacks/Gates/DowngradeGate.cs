namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>Every migration that is to be undone can be: none lacks a downgrade, none raises, and Alembic can be told where to stop.</summary>
public sealed class DowngradeGate : IGate
{
    /// <inheritdoc/>
    public string Name => "downgrade";

    /// <inheritdoc/>
    public bool Concerns(Course course) => course == Course.Downgrade;

    /// <inheritdoc/>
    public Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation) => Task.FromResult(Judge(context.History));

    /// <summary>Judges a history.</summary>
    internal GateResult Judge(ReleaseHistory history)
    {
        // Without an assessment there is no path to undo: the history's own gate says why.
        var plan = DowngradePlanOf.History(history);
        return plan.Arguments.Count > 0
            ? new GateResult(Name, true, $"alembic downgrade {string.Join(", then ", plan.Arguments)}")
            : new GateResult(Name, false, $"expected a working downgrade for every migration in the path, found {plan.Problem}",
                "restore a backup instead (--strategy Restore), or, as the runbook prefers, fix it forward (--strategy ForwardFix)");
    }
}
