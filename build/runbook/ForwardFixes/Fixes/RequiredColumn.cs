using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>A column that became NOT NULL, or a new one that every INSERT must name: it may be NULL again.</summary>
internal sealed class RequiredColumn() : Fix("set-not-null", "add-required-column")
{
    public override FixAnswer? Answer(Reason reason, FixContext context)
    {
        var found = reason.Rule == "set-not-null"
            ? context.Changes<ColumnNullabilityChanged>(reason, change => change.Table.Part(change.Column)).Select(pair => context.Names.Final(pair.Change.Table, pair.Change.Column, pair.Index)).ToList()
            : [.. New(reason, context)];
        if (found.Count == 0)
            return null;
        var steps = new List<FixStep>();
        foreach (var (table, column) in found.OfType<(ObjectName, string)>())
        {
            if (context.After.Table(table)?.Constraints.Any(state => state.Spec.Kind == ConstraintKind.PrimaryKey && state.Spec.Columns.Contains(column)) == true)
                return FixAnswer.Cannot($"{table.Part(column)} is part of the primary key", "give it a default, or decide by hand which key both releases can live with");
            if (context.KeptColumn(table, column) is not { Nullable: true })
                steps.Add(Step(table, column));
        }
        return new FixAnswer(steps);
    }

    private static IEnumerable<(ObjectName, string)?> New(Reason reason, FixContext context) =>
        from table in context.After.Tables
        from column in table.Value.Columns.Keys
        where table.Key.Part(column) == reason.Subject
        select ((ObjectName, string)?)(table.Key, column);

    private static FixStep Step(ObjectName table, string column) => new(
        FixPhase.Constraints, table.Part(column), $"lets {column} be NULL", [new SetNullable(table, column, true)],
        [new Remark($"Fails while {table.Part(column)} holds NULL: fill those rows first."), new SetNullable(table, column, false)])
    {
        Remarks = [$"rows that old code writes may hold NULL in {table.Part(column)}: newer code may stumble over them"],
    };
}
