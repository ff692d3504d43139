using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Old columns must point to rows that exist from now on.</summary>
internal sealed class AddForeignKey() : Rule("add-foreign-key", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A foreign key was added over columns that old code writes. NOT VALID does not help: it spares old rows, not new writes.",
        Why: "Old code's INSERTs and UPDATEs that point nowhere now fail, and so does deleting a row that is pointed to.",
        Remedy:
            "Make code respect it in one release, add it in a later one. Not breaking are foreign keys of new tables and of "
            + "new columns that stay NULL for old code: as long as only old code writes, nothing points anywhere. What new code wrote "
            + "meanwhile may: see reference-old-rows.");

    internal override IEnumerable<Finding> JudgeEnd(RuleContext context) =>
        from table in context.OldTables
        from constraint in context.Added(table.Value)
        where constraint.Spec.Kind == ConstraintKind.ForeignKey
            && !constraint.Spec.Columns.Any(column => context.StaysNull(table.Key, column))
        select new Finding(
            table.Key.Part(constraint.Spec.Name ?? "foreign key"),
            $"{constraint.Spec.Columns} of {table.Key} must point to a row of {constraint.Spec.References?.ToString() ?? "another table"}",
            constraint.At);
}
