using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A server default of an old column was set or changed.</summary>
internal sealed class ChangeDefault() : Rule("change-default", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "The server default of a column of an old table was set or changed.",
        Why: "Rows that old code inserts without naming the column now hold another value.",
        Remedy: "Look whether the release before leaves the column out. If it does, set the old default again.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ColumnDefaultChanged { Default: not null } changed && !context.IsNewColumn(changed.Table, changed.Column)
            ? Find(changed.Table.Part(changed.Column), $"the default of {changed.Column} of {changed.Table} is now {changed.Default}")
            : [];
}
