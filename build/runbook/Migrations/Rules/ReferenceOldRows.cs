using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Something new points to old rows, and keeps old code from deleting them.</summary>
internal sealed class ReferenceOldRows() : Rule("reference-old-rows", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A new table, or a new column, has a foreign key to an old table that refuses the deletion of a row that is pointed to (no ON DELETE, or RESTRICT).",
        Why: "Rows that new code wrote meanwhile point to old rows. Old code knows nothing of them, and its DELETE of such a row now fails.",
        Remedy:
            "Say ON DELETE CASCADE or SET NULL where the new rows are nothing without the old one. After the fact, count the rows that point: where "
            + "there are none, or old code never deletes, nothing happens.");

    internal override IEnumerable<Finding> JudgeEnd(RuleContext context) =>
        from table in context.Schema.Tables
        where table.Value.Touched >= context.Since
        from constraint in table.Value.Constraints
        where constraint.Spec.Kind == ConstraintKind.ForeignKey && constraint.Birth.Migration >= context.Since && Refuses(constraint.Spec.OnDelete)
        let spec = constraint.Spec
        where context.IsNew(table.Value.Birth) || (!constraint.WithTable && spec.Columns.Any(column => context.StaysNull(table.Key, column)))
        where spec.References is not { } target || !context.IsNewRelation(target)
        select new Finding(
            table.Key.Part(spec.Name ?? "foreign key"), $"a row of {spec.References?.ToString() ?? "another table"} that a row of {table.Key} points to can't be deleted", constraint.At);

    private static bool Refuses(string? onDelete) => onDelete is null || onDelete.Trim().ToUpperInvariant() is "" or "NO ACTION" or "RESTRICT";
}
