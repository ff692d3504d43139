using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old table joined or left another one.</summary>
internal sealed class ChangePartitions() : Rule("change-partitions", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A partition was detached, an old table became a partition, or inheritance between tables changed.",
        Why: "Rows vanish from the table that old code reads, or writes to the old table must fit the partition's bounds from now on.",
        Remedy: "Do it in a release of its own. A forward fix attaches or detaches it again; the rows are all there.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        PartitionDetached detached when !context.IsNewRelation(detached.Parent) && !context.IsNewRelation(detached.Partition) =>
            Find(detached.Parent, $"{detached.Partition} is no partition of {detached.Parent} any more"),
        PartitionAttached attached when !context.IsNewRelation(attached.Partition) =>
            Find(attached.Partition, $"{attached.Partition} became a partition of {attached.Parent}"),
        InheritanceChanged changed when !context.IsNewRelation(changed.Child) =>
            Find(changed.Child, $"{changed.Child} {(changed.Inherits ? "inherits" : "no longer inherits")} from {changed.Parent}"),
        _ => [],
    };
}
