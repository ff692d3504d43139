using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>The primary key of an old table was added or dropped.</summary>
internal sealed class ChangePrimaryKey() : Rule("change-primary-key", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "The primary key of an old table was added, dropped or exchanged.",
        Why:
            "It makes its columns unique and NOT NULL for old code; without it, ON CONFLICT and foreign keys that name it "
            + "fail, and the ORM identifies rows by columns that are no key any more.",
        Remedy: "Do it in a release of its own, after code writes the new key.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        ConstraintAdded { OnDomain: false, WithTable: false, Constraint.Kind: ConstraintKind.PrimaryKey } added
            when !context.IsNewRelation(added.Table) && !context.Schema.IsAgain(added) =>
            Find(added.Table, $"{added.Table} has the new primary key {added.Constraint.Columns}"),
        ConstraintDropped { OnDomain: false } dropped when !context.IsNewRelation(dropped.Table) && DropConstraint.KindOf(dropped, context) == ConstraintKind.PrimaryKey && !Recreation.Follows(dropped, context) =>
            Find(dropped.Table, $"{dropped.Table} has lost its primary key"),
        _ => [],
    };
}
