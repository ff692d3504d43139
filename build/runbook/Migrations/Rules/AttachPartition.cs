using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A new table shows its rows in an old one.</summary>
internal sealed class AttachPartition() : Rule("attach-partition", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A new table was attached to an old one as a partition, or inherits from it.",
        Why:
            "Queries of old code on the old table see the new one's rows too; a partition's own checks apply to what is "
            + "written through the parent.",
        Remedy: "Look at what rows it brings.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        PartitionAttached attached when !context.IsNewRelation(attached.Parent) && context.IsNewRelation(attached.Partition) =>
            Find(attached.Parent, $"{attached.Partition} became a partition of {attached.Parent}"),
        TableCreated { PartitionOf: { } parent, PartitionNarrows: true } created when !context.IsNewRelation(parent) =>
            Find(parent, $"{created.Name} became a partition of {parent}, with checks of its own"),
        TableCreated { Inherits.Count: > 0 } created when !created.Inherits.All(context.IsNewRelation) =>
            Find(created.Inherits[0], $"{created.Name} inherits from {created.Inherits}: queries on it see its rows"),
        InheritanceChanged { Inherits: true } changed when !context.IsNewRelation(changed.Parent) && context.IsNewRelation(changed.Child) =>
            Find(changed.Parent, $"{changed.Child} inherits from {changed.Parent}: queries on it see its rows"),
        _ => [],
    };
}
