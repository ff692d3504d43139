using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>Indexes over columns that come back under their old names: unique ones are what old code's ON CONFLICT needs.</summary>
internal static class OldIndexes
{
    private sealed record Old(ObjectName Table, ObjectName OldTable, string Name, ValueList<string> Columns, bool Unique, bool NullsNotDistinct, bool Plain);

    /// <summary>Steps that create the unique ones.</summary>
    public static IReadOnlyList<FixStep> Steps(IReadOnlyList<FixStep> steps, FixContext context) =>
        [.. Over(steps, context).Where(old => old is { Unique: true, Plain: true } && !Defaulted(old, steps)).Select(Step)];

    /// <summary>What a person should know of the others.</summary>
    public static IEnumerable<string> Notes(IReadOnlyList<FixStep> steps, FixContext context) =>
        Over(steps, context).Where(old => !old.Unique || !old.Plain || Defaulted(old, steps)).Select(old =>
            $"{old.Table}: old code's index {old.Name} over {old.Columns} is not made again"
            + (old.Unique ? "; ON CONFLICT on it fails" : "; queries of old code on it read the whole table: create it CONCURRENTLY afterwards"));

    private static FixStep Step(Old old)
    {
        var name = SqlName.Made("runback", old.Table.Name, string.Join('_', old.Columns));
        return new FixStep(
            FixPhase.Constraints, $"{old.Table} ({old.Columns})", $"makes ({old.Columns}) of {old.Table} unique, as old code's ON CONFLICT needs",
            [RunSql.Of($"CREATE UNIQUE INDEX {SqlName.Of(name)} ON {SqlName.Of(old.Table)} ({SqlName.List(old.Columns)}){(old.NullsNotDistinct ? " NULLS NOT DISTINCT" : "")}")],
            [RunSql.Of($"DROP INDEX {SqlName.Of(old.Table.Sibling(name))}")]);
    }

    private static IEnumerable<Old> Over(IReadOnlyList<FixStep> steps, FixContext context)
    {
        var added = Added(steps).ToHashSet();
        foreach (var (oldTable, state) in context.Before.Tables)
        {
            if (context.Names.Final(oldTable, 0) is not { } table || !added.Any(column => column.Table == table))
                continue;
            var constraints = state.Constraints.Where(constraint => constraint.Spec.Kind is ConstraintKind.Unique or ConstraintKind.PrimaryKey)
                .Select(constraint => new Old(table, oldTable, constraint.Spec.Name!, constraint.Spec.Columns, true, constraint.Spec.NullsNotDistinct, true));
            var indexes = context.Before.Indexes.Where(index => index.Index.Table == oldTable).Select(index => new Old(
                table, oldTable, index.Index.Name ?? "without a name", index.Index.Keys, index.Index.Unique, index.Index.NullsNotDistinct,
                index.Index.Predicate is null && !index.Index.Keys.Any(key => key.StartsWith('('))));
            foreach (var old in constraints.Concat(indexes).Where(old => old.Columns.Any(column => added.Contains((table, column)))))
            {
                // Columns that were not brought back go by the name that they have now.
                var columns = old.Columns.Select(column => added.Contains((table, column)) ? column : context.Names.Final(oldTable, column, 0)?.Column ?? column);
                yield return old with { Columns = columns.ToValueList() };
            }
        }
    }

    private static IEnumerable<(ObjectName Table, string Column)> Added(IReadOnlyList<FixStep> steps) =>
        steps.SelectMany(step => step.Upgrade).OfType<AddColumn>().Select(add => (add.Table, add.Column));

    // Every row gets the same value: they can't be unique.
    private static bool Defaulted(Old old, IReadOnlyList<FixStep> steps) =>
        steps.SelectMany(step => step.Upgrade).OfType<AddColumn>().Any(add => add.Table == old.Table && add.Default is not null && old.Columns.Contains(add.Column));
}
