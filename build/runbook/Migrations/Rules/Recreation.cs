using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An index or constraint that is dropped and made again, the same, in one migration: nothing has changed when it is over.</summary>
internal static class Recreation
{
    /// <summary>True when the migration makes it again just as it was.</summary>
    public static bool Follows(IndexDropped dropped, RuleContext context) =>
        !dropped.Conditional && context.Schema.Index(dropped.Name) is { } before
        && context.Later.Any(change => change is IndexCreated { Conditional: false } created && created.Name is { } name && created.Table.Sibling(name) == dropped.Name && Same(created, before.Index));

    /// <summary>
    /// True when an index that no migration made is dropped where it is there, and one of its name is made: what a run that was broken off left behind is
    /// cleared away so.
    /// </summary>
    public static bool Clears(IndexDropped dropped, RuleContext context) =>
        dropped.IfExists && context.Schema is { FromBase: true, SawUnknown: false } && context.Schema.Index(dropped.Name) is null
        && context.Later.FirstOrDefault(change => change is IndexCreated { Conditional: false, Name: { } name } created && created.Table.Sibling(name) == dropped.Name) is IndexCreated made
        && !context.Schema.Indexes.Any(other => other.Index.Table == made.Table && other.Index.Keys.Equals(made.Keys));

    /// <summary>True when the migration makes it again just as it was.</summary>
    public static bool Follows(ConstraintDropped dropped, RuleContext context) =>
        dropped is { Conditional: false, OnDomain: false, Cascade: false } && context.Constraint(dropped.Table, dropped.Name) is { } before
        && context.Later.Any(change => change is ConstraintAdded { Conditional: false, OnDomain: false } added && added.Table == dropped.Table
            && (added.Constraint.Name ?? dropped.Name) == dropped.Name && Same(added.Constraint, before.Spec));

    /// <summary>Whether two indexes are the same but for their names.</summary>
    public static bool Same(IndexCreated one, IndexCreated other) =>
        one.Table == other.Table && one.Keys.Equals(other.Keys) && one.Unique == other.Unique && one.Predicate == other.Predicate
        && one.NullsNotDistinct == other.NullsNotDistinct && (one.Method ?? "btree") == (other.Method ?? "btree") && one.Included.Equals(other.Included);

    /// <summary>Whether two constraints are the same but for their names; a check only where its expression is known.</summary>
    public static bool Same(ConstraintSpec one, ConstraintSpec other) =>
        one with { Name = null, NotValid = false } == other with { Name = null, NotValid = false }
        && one.UsingIndex is null && (one.Kind is not (ConstraintKind.Check or ConstraintKind.Exclusion) || one.Expression is not null);
}
