using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>A dropped unique constraint or index, the target of old code's ON CONFLICT, is made again.</summary>
internal sealed class DroppedUnique() : Fix("drop-unique")
{
    public override FixAnswer? Answer(Reason reason, FixContext context) =>
        Each<ConstraintDropped>(reason, context, change => change.Table.Part(change.Name ?? "constraint"), (change, index) => Constraint(change, index, context))
        ?? Each<IndexDropped>(reason, context, change => change.Name.ToString(), (change, index) => Index(change, index, context));

    private static FixAnswer Constraint(ConstraintDropped change, int index, FixContext context)
    {
        if (context.Names.Final(change.Table, index) is not { } table)
            return FixAnswer.Nothing;
        var spec = context.Before.Table(context.Names.Original(change.Table, index))?.Constraints.LastOrDefault(state => state.Spec.Name == change.Name)?.Spec;
        if (spec is null || Kept(spec.Columns, change.Table, index, context) is not { } columns || ConstraintText.Of(spec with { Columns = columns, NotValid = false }) is not { } text)
            return FixAnswer.Cannot($"what {change.Name} of {change.Table} kept unique is not known, or is gone", "create a unique index over the columns of old code's ON CONFLICT");
        return FixAnswer.By(Step(table.Part(change.Name!), $"adds the constraint {change.Name} of {table} again",
            Alter(table, $"ADD {text}"), Alter(table, $"DROP CONSTRAINT {SqlName.Of(change.Name!)}")));
    }

    private static FixAnswer Index(IndexDropped change, int index, FixContext context)
    {
        if (context.Before.Index(change.Name)?.Index is not { Name: { } name } created)
            return FixAnswer.Cannot($"whether {change.Name} was unique, and over what, is not known", "if it was, create it again as the migrations before say");
        if (context.Names.Final(created.Table, 0) is not { } table)
            return FixAnswer.Nothing;
        if (created.Keys.Any(key => key.StartsWith('(')) || created.Predicate is not null)
        {
            if (table != created.Table || context.Names.Changes.Any(other => other is ColumnRenamed renamed && renamed.Table == table))
                return FixAnswer.Cannot($"{change.Name} is over an expression, and names in its table changed", "create it again by hand, over the names of now");
        }
        else if (Kept(created.Keys, created.Table, 0, context) is { } keys)
            created = created with { Keys = keys };
        else
            return FixAnswer.Nothing;
        return FixAnswer.By(Step(table.Part(name), $"creates the unique index {name} again",
            RunSql.Of(ConstraintText.Index(created with { Table = table })), RunSql.Of($"DROP INDEX {SqlName.Of(table.Sibling(name))}")));
    }

    private static FixStep Step(string subject, string does, FixOperation upgrade, FixOperation downgrade) => new(FixPhase.Constraints, subject, does, [upgrade], [downgrade])
    {
        Remarks = ["it fails where newer code has written rows that are not unique: the trial on a copy shows it"],
    };

    // What the columns are called after the path; null when one is gone (then the fix for the column makes the index).
    private static ValueList<string>? Kept(ValueList<string> columns, ObjectName table, int before, FixContext context)
    {
        var original = context.Names.Original(table, before);
        var kept = columns.Select(column => context.Names.Final(original, column, 0)?.Column).ToList();
        return kept.Contains(null) ? null : kept.OfType<string>().ToValueList();
    }
}
