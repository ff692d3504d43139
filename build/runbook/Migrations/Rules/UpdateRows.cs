using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Rows of an old table were updated.</summary>
internal sealed class UpdateRows() : Rule("update-rows", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "The migration updates rows of a table that old code knows.",
        Why: "Old code works on values that changed under it, by a meaning that only new code knows. The old values are gone.",
        Remedy:
            "Write the new meaning into a new column. After the fact, only the backup has the old values: compare and bring "
            + "them back row by row.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        RowsUpdated { Table: null } => Find("rows", "rows of a table that could not be told were updated"),
        RowsUpdated { Table: { } table } updated when !context.IsNewRelation(table) && !BackfillColumn.IsBackfill(updated, context) =>
            Find(table, updated.Columns.Count > 0 ? $"{updated.Columns} of rows of {table} changed" : $"rows of {table} were updated"),
        RowsInserted { Table: { } table, Updates.Count: > 0 } inserted when !context.IsNewRelation(table) =>
            Find(table, $"{inserted.Updates} of rows of {table} that were there changed (ON CONFLICT DO UPDATE)"),
        _ => [],
    };
}
