using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>A dropped table is created again, empty, as the history declares it.</summary>
internal sealed class DroppedTable() : Fix("drop-table")
{
    public override FixAnswer? Answer(Reason reason, FixContext context) =>
        Each<ObjectDropped>(reason, context, change => change.Name.ToString(), (change, index) => Answer(change, index, context));

    private static FixAnswer Answer(ObjectDropped change, int index, FixContext context)
    {
        var name = context.Names.Original(change.Name, index);
        var byHand = $"create {name} again as the migrations before say, and bring its rows back from the backup";
        if (change.Kind == ObjectKind.ForeignTable)
            return FixAnswer.Cannot($"{name} was a foreign table", "create it again with its server and options");
        if (context.Has(name) == true || (context.Has(name) is null && context.After.Table(name) is { } again && again.Birth.Sure))
            return FixAnswer.Cannot($"there is a table {name} again, made by a later migration", $"compare what old code expects of {name} with what it is now");
        if (context.Before.Table(name) is not { Columns.Count: > 0 } table)
            return FixAnswer.Cannot($"how {name} was made is not known", byHand);
        if (table.Columns.Values.FirstOrDefault(column => column.Spec.Type is null || column.Spec.Default?.Contains('…', StringComparison.Ordinal) == true) is { } unknown)
            return FixAnswer.Cannot($"the type or default of {name.Part(unknown.Spec.Name)} is not known", byHand);
        return FixAnswer.By(Step(name, table, context));
    }

    private static FixStep Step(ObjectName name, TableState table, FixContext context)
    {
        var remarks = new List<string> { $"the rows of {name} are gone: only a backup has them" };
        var parts = table.Columns.Values.Select(column => ColumnText.Declaration(column.Spec)).ToList();
        foreach (var constraint in table.Constraints.Select(state => state.Spec))
        {
            if (constraint.Kind == ConstraintKind.ForeignKey && constraint.References is { } target && context.After.Table(target) is null && context.Has(target) != true)
                remarks.Add($"its foreign key {constraint.Name} is left out: {target} is not there any more");
            else if (ConstraintText.Of(constraint) is { } text)
                parts.Add(text);
            else
                remarks.Add($"its constraint {constraint.Name} is not known well enough to be made again");
        }
        List<string> create = [$"CREATE TABLE {SqlName.Of(name)} (", .. parts.Select((part, i) => $"    {part}{(i < parts.Count - 1 ? "," : "")}"), ")"];
        var indexes = context.Before.Indexes.Where(index => index.Index.Table == name).Select(index => (FixOperation)RunSql.Of(ConstraintText.Index(index.Index)));
        return new FixStep(
            FixPhase.Tables, name.ToString(), $"creates {name} again, empty", [new RunSql(create.ToValueList()), .. indexes], [RunSql.Of($"DROP TABLE {SqlName.Of(name)}")])
        {
            Remarks = remarks.ToValueList(),
        };
    }
}
