using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A column that old code knows now accepts NULL.</summary>
internal sealed class DropNotNull() : Rule("drop-not-null", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A column of an old table now accepts NULL.",
        Why: "New code may have written NULLs. Old code never met one there and may fail on reading it.",
        Remedy: "Count the NULLs; fill them, or make old code tolerate them.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ColumnNullabilityChanged { Nullable: true } changed && !context.IsNewColumn(changed.Table, changed.Column)
            ? Find(changed.Table.Part(changed.Column), $"{changed.Column} of {changed.Table} accepts NULL from now on")
            : [];
}
