using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>A default that was removed is set again.</summary>
internal sealed class DroppedDefault() : Fix("drop-default")
{
    public override FixAnswer? Answer(Reason reason, FixContext context) =>
        Each<ColumnDefaultChanged>(reason, context, change => change.Table.Part(change.Column), (change, index) => Answer(change, index, context));

    private static FixAnswer Answer(ColumnDefaultChanged change, int index, FixContext context)
    {
        var (oldTable, old) = context.Names.Original(change.Table, change.Column, index);
        if (context.Names.Final(change.Table, change.Column, index) is not { } final)
            return FixAnswer.Nothing;
        var kept = context.KeptColumn(final.Table, final.Column);
        if (kept is { FilledByServer: true })
            return FixAnswer.Nothing;
        if (context.OldColumn(oldTable, old) is not { } was)
            return FixAnswer.Cannot($"the default that {oldTable.Part(old)} had is not known", "ALTER TABLE ... ALTER COLUMN ... SET DEFAULT, as the migration before had it");
        if (!was.FilledByServer)
            return FixAnswer.Nothing;
        if (was.Default is not { } value || value.Contains('…', StringComparison.Ordinal))
            return FixAnswer.Cannot($"the default that {oldTable.Part(old)} had could not be read", "ALTER TABLE ... ALTER COLUMN ... SET DEFAULT, as the migration before had it");
        var column = SqlName.Of(final.Column);
        return FixAnswer.By(new FixStep(
            FixPhase.Constraints, final.Table.Part(final.Column), $"sets its default {value} again",
            [Alter(final.Table, $"ALTER COLUMN {column} SET DEFAULT {value}")], [Alter(final.Table, $"ALTER COLUMN {column} DROP DEFAULT")]));
    }
}
