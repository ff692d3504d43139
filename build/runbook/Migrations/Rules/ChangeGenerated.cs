using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>The generation of an old column changed.</summary>
internal sealed class ChangeGenerated() : Rule("change-generated-column", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A column's generation expression was set, changed or dropped.",
        Why:
            "Old code reads values computed by another rule; once the expression is dropped, rows that old code inserts have "
            + "no value there.",
        Remedy: "Add a new column with the new expression instead.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ColumnGenerationChanged changed && !context.IsNewColumn(changed.Table, changed.Column)
            ? Find(changed.Table.Part(changed.Column), $"{changed.Column} of {changed.Table} is computed in another way, or no longer")
            : [];
}
