using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Only new columns of an old table were filled.</summary>
internal sealed class BackfillColumn() : Rule("backfill-column", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "The migration updates rows of an old table, and sets only columns that are new to old code.",
        Why:
            "Old code does not read these columns. What it can notice is what an UPDATE brings along: triggers (an updated_at "
            + "that moves), and every row locked and rewritten while it runs.",
        Remedy: "Nothing to do as a rule. For large tables fill in batches outside of the migration.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is RowsUpdated { Table: { } table } updated && !context.IsNewRelation(table) && IsBackfill(updated, context)
            ? Find(table, $"rows of {table} were filled: {updated.Columns}")
            : [];

    /// <summary>True when every column that is set is new.</summary>
    internal static bool IsBackfill(RowsUpdated updated, RuleContext context) =>
        updated is { Table: { } table, Columns.Count: > 0 } && updated.Columns.All(column => context.IsNewColumn(table, column));
}
