using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A unique constraint or index of an old table was dropped.</summary>
internal sealed class DropUnique() : Rule("drop-unique", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem:
            "A unique or exclusion constraint, or a unique index, of an old table was dropped, or one that may be unique: "
            + "neither this migration nor an earlier one says, or they say different things.",
        Why: "It is the target of ON CONFLICT: without it such an INSERT of old code fails at once. Duplicates that were refused come in.",
        Remedy: "Drop it a release later. A forward fix adds it again, after duplicates are removed.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        ConstraintDropped { OnDomain: false } dropped when DropConstraint.IsOld(dropped, context) && DropConstraint.Contradicts(dropped, context) =>
            Find(
                dropped.Table.Part(dropped.Name ?? "constraint"),
                $"constraint {dropped.Name} of {dropped.Table} was dropped as {Kinds.Name(dropped.Kind!.Value)}, and it was made as {Kinds.Name(DropConstraint.KindOf(dropped, context)!.Value)}"),
        ConstraintDropped { OnDomain: false } dropped when DropConstraint.IsOld(dropped, context)
            && DropConstraint.KindOf(dropped, context) is null or ConstraintKind.Unique or ConstraintKind.Exclusion && !Recreation.Follows(dropped, context) =>
            Find(dropped.Table.Part(dropped.Name ?? "constraint"), $"constraint {dropped.Name} of {dropped.Table} was dropped, {Unique(DropConstraint.KindOf(dropped, context) is not null)}"),
        IndexDropped dropped when DropIndex.IsOld(dropped, context) && context.Schema.Index(dropped.Name)?.Index.Unique != false
            && !Recreation.Follows(dropped, context) && !Recreation.Clears(dropped, context) =>
            Find(dropped.Name, $"index {dropped.Name} was dropped, {Unique(context.Schema.Index(dropped.Name) is not null)}"),
        _ => [],
    };

    private static string Unique(bool known) => known ? "which kept rows unique" : "and whether it was unique is not known";
}
