using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A constraint or index of an old table got another name, or another deferral.</summary>
internal sealed class RenameConstraint() : Rule("rename-constraint", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A constraint or index got another name, or checks at another moment (DEFERRABLE).",
        Why:
            "Old code that names it (ON CONFLICT ON CONSTRAINT), or tells errors apart by the constraint in their message, no "
            + "longer finds it.",
        Remedy: "Search the release before for the old name. A forward fix renames it back, which is instant.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        ConstraintRenamed renamed when !context.IsNewRelation(renamed.Table)
            && !(context.Constraint(renamed.Table, renamed.Name) is { } constraint && context.IsNew(constraint.Birth)) =>
            Find(renamed.Table.Part(renamed.Name), $"constraint {renamed.Name} of {renamed.Table} became {renamed.NewName}"),
        ConstraintAltered altered when !context.IsNewRelation(altered.Table) =>
            Find(altered.Table.Part(altered.Name), $"constraint {altered.Name} of {altered.Table} is now {altered.What}"),
        IndexRenamed renamed when DropIndex.IsOld(new IndexDropped(renamed.Name, null), context) =>
            Find(renamed.Name, $"index {renamed.Name} became {renamed.NewName}"),
        _ => [],
    };
}
