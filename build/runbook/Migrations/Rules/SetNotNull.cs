using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>NOT NULL on a column that old code knows.</summary>
internal sealed class SetNotNull() : Rule("set-not-null", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A column of an old table was made NOT NULL.",
        Why: "Old code that leaves it empty now gets an error on INSERT and UPDATE.",
        Remedy:
            "Make code fill the column in one release, add NOT NULL in a later one. A forward fix drops NOT NULL again, which "
            + "is instant.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ColumnNullabilityChanged { Nullable: false } changed && !context.IsNewColumn(changed.Table, changed.Column)
            ? Find(changed.Table.Part(changed.Column), $"{changed.Column} of {changed.Table} no longer accepts NULL")
            : [];
}
