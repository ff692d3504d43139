using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Rows were inserted into an old table.</summary>
internal sealed class InsertRows() : Rule("insert-rows", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "The migration inserts rows into a table that old code knows.",
        Why: "Old code sees them in lists, counts and lookups, perhaps with a code or kind that it does not know.",
        Remedy: "Look at what the rows are. Delete them in a forward fix if old code stumbles over them.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        RowsInserted { Table: null } => Find("rows", "rows were inserted into a table that could not be told"),
        RowsInserted { Table: { } table, Updates.Count: 0 } when !context.IsNewRelation(table) => Find(table, $"rows were inserted into {table}"),
        _ => [],
    };
}
