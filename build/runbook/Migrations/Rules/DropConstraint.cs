using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A check or foreign key of an old table was dropped.</summary>
internal sealed class DropConstraint() : Rule("drop-constraint", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A check or foreign key of an old table was dropped.",
        Why:
            "Old code may rely on the refusal, or on ON DELETE CASCADE cleaning up; what new code wrote meanwhile may be what "
            + "old code believes impossible.",
        Remedy: "Look for rows that break the old constraint before adding it again.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ConstraintDropped dropped && IsOld(dropped, context) && !Recreation.Follows(dropped, context) && (dropped.OnDomain || (KindOf(dropped, context) is ConstraintKind.Check or ConstraintKind.ForeignKey && !Contradicts(dropped, context)))
            ? Find(dropped.Table.Part(dropped.Name ?? "constraint"), $"constraint {dropped.Name} of {dropped.Table} was dropped")
            : [];

    /// <summary>The constraint's kind where an earlier migration made it, else where this one says it.</summary>
    internal static ConstraintKind? KindOf(ConstraintDropped dropped, RuleContext context) =>
        context.Constraint(dropped.Table, dropped.Name)?.Spec.Kind ?? dropped.Kind;

    /// <summary>True when the migration says another kind than the one that an earlier one made.</summary>
    internal static bool Contradicts(ConstraintDropped dropped, RuleContext context) =>
        dropped.Kind is { } said && context.Constraint(dropped.Table, dropped.Name) is { Spec.Kind: var made } && said != made;

    /// <summary>True for a constraint that old code lived with.</summary>
    internal static bool IsOld(ConstraintDropped dropped, RuleContext context) =>
        dropped.OnDomain
            ? !context.IsNewObject(ObjectKind.Domain, dropped.Table)
            : !context.IsNewRelation(dropped.Table) && !(context.Constraint(dropped.Table, dropped.Name) is { } constraint && context.IsNew(constraint.Birth));
}
