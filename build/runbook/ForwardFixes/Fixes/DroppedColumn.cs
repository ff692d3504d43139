using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>A dropped column is added again, nullable and, unless it had a default, empty.</summary>
internal sealed class DroppedColumn() : Fix("drop-column")
{
    public override FixAnswer? Answer(Reason reason, FixContext context) =>
        Each<ColumnDropped>(reason, context, change => change.Table.Part(change.Column), (change, index) => Answer(change, index, context));

    private static FixAnswer Answer(ColumnDropped change, int index, FixContext context)
    {
        var (oldTable, column) = context.Names.Original(change.Table, change.Column, index);
        // The whole table is gone: it comes back whole.
        if (context.Names.Final(change.Table, index) is not { } table)
            return FixAnswer.Nothing;
        if (context.Has(table, column) == true || (context.Has(table, column) is null && context.After.Table(table)?.Columns.ContainsKey(column) == true))
        {
            return FixAnswer.Cannot(
                $"{table} has a column {column} again, made by a later migration: what it holds is not what old code wrote",
                $"compare what old code expects of {column} with what it is now");
        }
        var was = context.OldColumn(oldTable, column);
        if (was is not { Type: { } type })
            return FixAnswer.Cannot($"the type that {table.Part(column)} had is not known", $"ALTER TABLE {SqlName.Of(table)} ADD COLUMN {SqlName.Of(column)} with the type that the old release's model names");
        if (was.Identity || was.Generated is not null || type.Contains("serial", StringComparison.Ordinal))
            return FixAnswer.Cannot($"{table.Part(column)} was numbered or computed by the server", "add it again by hand, with its sequence or expression");
        var constraints = context.Before.Table(oldTable)?.Constraints.Select(state => state.Spec)
            .Where(spec => spec.Kind is ConstraintKind.ForeignKey or ConstraintKind.Check or ConstraintKind.Exclusion && spec.Columns.Contains(column)) ?? [];
        return FixAnswer.By(Step(table, column, was with { Type = type }, [.. constraints.Select(spec => spec.Name!)]));
    }

    private static FixStep Step(ObjectName table, string column, ColumnSpec was, IReadOnlyList<string> constraints)
    {
        // A default that the reader could not tell is written with an ellipsis.
        var value = was.FilledByServer && !was.Default!.Contains('…', StringComparison.Ordinal) ? was.Default : null;
        var remarks = new List<string> { $"the values that {table.Part(column)} held are gone: only a backup has them" };
        if (!was.Nullable)
            remarks.Add(value is null ? $"{column} was NOT NULL: old code may stumble over the rows that hold NULL now" : $"{column} was NOT NULL: rows get its default {value}, which may not be what they held");
        if (was.FilledByServer && value is null)
            remarks.Add($"the default that {column} had could not be read: set it by hand");
        remarks.AddRange(constraints.Select(name => $"its constraint {name} is not made again: nothing checks what old code writes to {column}"));
        return new FixStep(
            FixPhase.Columns, table.Part(column), $"adds {column} ({was.Type}) again, nullable{(value is null ? "" : $", with its default {value}")}",
            [new AddColumn(table, column, was.Type!) { Default = value }], [new RemoveColumn(table, column)])
        {
            Remarks = remarks.ToValueList(),
        };
    }
}
