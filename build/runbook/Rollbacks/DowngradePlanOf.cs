using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.History;

namespace Runback.Runbook.Rollbacks;

/// <summary>What Alembic has to be told to undo a path, and to do it again.</summary>
/// <param name="Arguments">The arguments of <c>alembic downgrade</c>, in order; empty when there are none.</param>
/// <param name="Back">The arguments of <c>alembic upgrade</c> that lead back.</param>
/// <param name="Problem">Why there is no plan, or null.</param>
public sealed record DowngradePlanOf(IReadOnlyList<string> Arguments, IReadOnlyList<string> Back, string? Problem)
{
    /// <summary>The plan for a history.</summary>
    public static DowngradePlanOf History(ReleaseHistory history)
    {
        if (history is not { Path: { Kind: PathKind.Ahead }, Assessment: { } assessment, Newer: { } newer, Target: { } target, Revisions: { } rows })
            return new([], [], history.Problem ?? "that the database isn't ahead of the release");
        var broken = assessment.Revisions.Where(revision => revision.Downgrade.Kind is DowngradeKind.Missing or DowngradeKind.Raises).ToList();
        if (broken.Count > 0)
        {
            return new([], [], string.Join("; ", broken.Select(revision =>
                $"{revision.Script.Revision}: {revision.Downgrade.Detail} ({(revision.Downgrade.At.Line > 0 ? revision.Downgrade.At.ToString() : revision.Script.File)})")));
        }
        var plan = DowngradePlan.Find(newer.Graph, rows, target.Graph);
        return new(plan.Arguments ?? [], UpgradePlan.Find(newer.Graph, plan.Rows, rows).Arguments ?? [], plan.Reason);
    }
}
