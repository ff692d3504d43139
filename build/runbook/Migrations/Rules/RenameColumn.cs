using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A column of an old table got another name.</summary>
internal sealed class RenameColumn() : Rule("rename-column", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A column got another name.",
        Why: "Old code still says the old name: every query that touches the table through the ORM fails. The values are all there.",
        Remedy:
            "Add the new column, keep both in step with a trigger, drop the old one a release later. A forward fix adds the "
            + "old name back and fills it.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ColumnRenamed renamed && !context.IsNewColumn(renamed.Table, renamed.Column)
            ? Find(renamed.Table.Part(renamed.Column), $"column {renamed.Column} of {renamed.Table} became {renamed.NewName}")
            : [];
}
