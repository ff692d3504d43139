using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Old columns must pass a check from now on.</summary>
internal sealed class AddCheck() : Rule("add-check", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem:
            "A check constraint was added to an old table, and it is not certain to accept every row that old code writes. NOT "
            + "VALID does not help: it spares old rows, not new writes.",
        Why: "Old code's INSERTs and UPDATEs that break it now fail. CHECK (x IS NOT NULL) is NOT NULL by another name.",
        Remedy: "Make code respect it in one release, add it in a later one. A forward fix drops it again, which is instant.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ConstraintAdded { OnDomain: true } added && !context.IsNewObject(ObjectKind.Domain, added.Table)
            ? Find(added.Table, $"values of {added.Table} must pass {added.Constraint.Expression}")
            : [];

    internal override IEnumerable<Finding> JudgeEnd(RuleContext context) => OfTables(context).Concat(OfDomains(context));

    private static IEnumerable<Finding> OfTables(RuleContext context) =>
        from table in context.OldTables
        from constraint in context.Added(table.Value)
        where constraint.Spec.Kind == ConstraintKind.Check && !Accepts(table.Key, constraint.Spec, context)
        select new Finding(table.Key.Part(constraint.Spec.Name ?? "check"), $"rows of {table.Key} must pass {constraint.Spec.Expression ?? "a check"}", constraint.At);

    // What a new column of a domain holds in rows that old code inserts.
    private static IEnumerable<Finding> OfDomains(RuleContext context) =>
        from table in context.OldTables
        from column in table.Value.Columns.Values
        where context.IsNew(column.Birth)
        from check in Domains.Checks(column.Spec.Type, context.Schema)
        where !CheckEvaluation.NeverFalse(check, name => name == "value" ? context.ValueForOldCode(table.Key, column.Spec.Name) : (false, null))
        select new Finding(table.Key.Part(column.Spec.Name), $"{column.Spec.Name} of {table.Key} must pass {check} of its domain {column.Spec.Type}", column.At);

    // Over new columns only, it accepts what old code writes when it is not false for what they hold then: NULL, or their default.
    private static bool Accepts(ObjectName table, ConstraintSpec check, RuleContext context) =>
        check.Expression is { } expression
        && CheckEvaluation.NeverFalse(expression, column => context.ValueForOldCode(table, column));
}
