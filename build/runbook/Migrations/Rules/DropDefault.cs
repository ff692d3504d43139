using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A server default that old code may rely on was removed.</summary>
internal sealed class DropDefault() : Rule("drop-default", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "The server default of a column of an old table was removed.",
        Why: "Old code that leaves the column out gets an error when it is NOT NULL, else a NULL that it never met.",
        Remedy: "Keep the default until every running release names the column. A forward fix sets it again, which is instant.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ColumnDefaultChanged { Default: null } changed && !context.IsNewColumn(changed.Table, changed.Column)
            ? Find(changed.Table.Part(changed.Column), $"the default of {changed.Column} of {changed.Table} was removed")
            : [];
}
