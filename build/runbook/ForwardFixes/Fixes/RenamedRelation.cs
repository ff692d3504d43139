using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>
/// A renamed table or view: a view under the old name. A view over one relation, without anything computed, takes INSERT (ON CONFLICT as well),
/// UPDATE and DELETE by itself (PostgreSQL manual, CREATE VIEW, "Updatable Views").
/// </summary>
internal sealed class RenamedRelation() : Fix("rename-table", "rename-object")
{
    public override FixAnswer? Answer(Reason reason, FixContext context) =>
        Each<ObjectRenamed>(reason, context, change => change.Name.ToString(), (change, index) => Answer(change, index, context));

    private static FixAnswer Answer(ObjectRenamed change, int index, FixContext context)
    {
        if (change.Kind is not (ObjectKind.Table or ObjectKind.ForeignTable or ObjectKind.View or ObjectKind.MaterializedView))
            return FixAnswer.Cannot($"{change.Name} became {change.NewName}, and two names of one can't be kept in step", "rename it back, when the newer code is gone");
        var isTable = change.Kind is ObjectKind.Table or ObjectKind.ForeignTable;
        var old = isTable ? context.Names.Original(change.Name, index) : change.Name;
        var now = isTable ? context.Names.Final(change.Name, index) : change.NewName;
        // Dropped later: the fix for that makes it again under its old name.
        if (now is null || now == old)
            return FixAnswer.Nothing;
        if (context.Has(old) == true || (context.Has(old) is null && isTable && context.After.Table(old) is { Birth.Sure: true }))
            return FixAnswer.Cannot($"there is another {old} by now", $"rename one of them by hand: old code means what is now {now}");
        return FixAnswer.By(new FixStep(
            FixPhase.Views, old.ToString(), $"creates {old} as a view of {now} that can be written to",
            [RunSql.Of($"CREATE VIEW {SqlName.Of(old)} AS SELECT * FROM {SqlName.Of(now)}")], [RunSql.Of($"DROP VIEW {SqlName.Of(old)}")])
        {
            Remarks =
            [
                $"privileges that other roles have on {now} are not copied to the view {old}: GRANT them where old code connects as another role",
                $"TRUNCATE and COPY FROM do not work on the view {old}",
            ],
        });
    }
}
