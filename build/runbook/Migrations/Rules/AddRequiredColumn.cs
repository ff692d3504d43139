using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A new column of an old table must be given in every INSERT.</summary>
internal sealed class AddRequiredColumn() : Rule("add-required-column", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem:
            "An old table has a new column that is NOT NULL and has no server default, as all of the judged migrations leave "
            + "it. A Python-side default is none: old code does not know it. So is an expression that is NULL when old columns "
            + "are. A domain may demand a value too.",
        Why: "Old code's INSERTs do not name the column, so each of them fails.",
        Remedy:
            "Add it nullable or with a server default; require it a release later. A forward fix sets a default or drops NOT "
            + "NULL, which is instant.");

    internal override IEnumerable<Finding> JudgeEnd(RuleContext context) =>
        from table in context.OldTables
        from name in table.Value.Columns.Keys
        let column = context.Column(table.Key, name)
        where context.IsNew(column.Birth) && (!column.Spec.Omittable || MayComputeNull(column.Spec))
        select new Finding(table.Key.Part(column.Spec.Name), $"INSERTs into {table.Key} must name the new column {column.Spec.Name}", column.At);

    // Generated from old columns and NOT NULL: an INSERT of old code that leaves those NULL is refused.
    private static bool MayComputeNull(ColumnSpec column) => column is { Nullable: false, Generated: { } expression } && Expressions.MayBeNull(expression);

    // A column that may have been there before is old to every other rule, yet here it may as well be new.
    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ColumnAdded added && !Domains.Applied(added.Column, context.Schema).Omittable && !context.IsNewRelation(added.Table)
            && !context.Schema.Born(added, added.IfNotExists).Sure
            ? Find(added.Table.Part(added.Column.Name), $"INSERTs into {added.Table} must name the new column {added.Column.Name}")
            : [];
}
