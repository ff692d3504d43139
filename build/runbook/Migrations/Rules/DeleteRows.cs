using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Rows of an old table were deleted.</summary>
internal sealed class DeleteRows() : Rule("delete-rows", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "The migration deletes rows of a table that old code knows, by DELETE or TRUNCATE.",
        Why: "Old code misses them, and they are gone: only a backup has them.",
        Remedy: "Mark rows instead, delete them a release later. After the fact, bring them back from the backup.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        RowsDeleted { Table: null } => Find("rows", "rows of a table that could not be told were deleted"),
        RowsDeleted { Table: { } table } when !context.IsNewRelation(table) => Find(table, $"rows of {table} were deleted"),
        TableTruncated { Cascade: true } truncated => Find(truncated.Table, $"{truncated.Table} was emptied, and every table that points to it"),
        TableTruncated truncated when !context.IsNewRelation(truncated.Table) => Find(truncated.Table, $"{truncated.Table} was emptied"),
        _ => [],
    };
}
