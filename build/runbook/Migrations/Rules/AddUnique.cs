using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Old columns must be unique from now on.</summary>
internal sealed class AddUnique() : Rule("add-unique", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A unique constraint or index, or an exclusion constraint, was added over columns that old code writes.",
        Why: "Old code's INSERTs and UPDATEs that repeat a value now fail.",
        Remedy:
            "Make code respect it in one release, add it in a later one. A forward fix drops it again. Harmless, and not "
            + "reported, is one with a new column that stays NULL in the rows of old code, or that the server fills with a fresh "
            + "value each time.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ConstraintAdded { OnDomain: false, WithTable: false, Constraint.UsingIndex: { } index } added
            && added.Constraint.Kind == ConstraintKind.Unique && !context.IsNewRelation(added.Table)
            ? Find(added.Table, $"rows of {added.Table} must be unique by index {index}")
            : [];

    internal override IEnumerable<Finding> JudgeEnd(RuleContext context)
    {
        foreach (var (name, table) in context.OldTables)
            foreach (var constraint in context.Added(table).Where(constraint => Conflicts(name, constraint.Spec, context)))
                yield return new Finding(name.Part(constraint.Spec.Name ?? "unique"), $"rows of {name} must be unique by {Keys(constraint.Spec)}", constraint.At);
        foreach (var (index, birth) in context.Schema.Indexes.Where(index => index.Birth.Migration >= context.Since && index.Index.Unique))
            if (!context.IsNewRelation(index.Table) && Conflicts(index, context))
                yield return new Finding(index.Table.Part(index.Name ?? "unique index"), $"rows of {index.Table} must be unique by {index.Keys}", index.At);
    }

    private static string Keys(ConstraintSpec constraint) => constraint.Columns.Count > 0 ? constraint.Columns.ToString() : constraint.Expression ?? "an index";

    private static bool Conflicts(ObjectName table, ConstraintSpec constraint, RuleContext context) => constraint.Kind switch
    {
        ConstraintKind.Exclusion => true,
        ConstraintKind.Unique => constraint.UsingIndex is null && !constraint.Columns.Any(column => NeverConflicts(table, column, constraint.NullsNotDistinct, context)),
        _ => false,
    };

    private static bool Conflicts(IndexCreated index, RuleContext context) =>
        !index.Keys.Any(key => NeverConflicts(index.Table, key, index.NullsNotDistinct, context))
        && !(index.Predicate is { } predicate && CheckEvaluation.NeverTrue(predicate, column => context.ValueForOldCode(index.Table, column)));

    private static bool NeverConflicts(ObjectName table, string key, bool nullsNotDistinct, RuleContext context)
    {
        if (!key.StartsWith('('))
            return (!nullsNotDistinct && context.StaysNull(table, key)) || IsFresh(table, key, context);
        return !nullsNotDistinct && Expressions.IsNullFor(key, column => context.StaysNull(table, column));
    }

    private static bool IsFresh(ObjectName table, string column, RuleContext context) =>
        context.Column(table, column) is { } state && context.IsNew(state.Birth)
        && (state.Spec.Identity || (state.Spec.Default is { } value && Expressions.IsFreshEachTime(value)));
}
