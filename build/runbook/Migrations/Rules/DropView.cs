using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old view was dropped.</summary>
internal sealed class DropView() : Rule("drop-view", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A view or materialized view was dropped, perhaps to be created again with another shape.",
        Why: "Queries of old code on it fail; created again, it may lack a column or mean something else.",
        Remedy:
            "Create the new shape under a new name, or only add columns at the end with CREATE OR REPLACE VIEW. A forward fix "
            + "can create the old view again: it holds no data of its own.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectDropped { Kind: ObjectKind.View or ObjectKind.MaterializedView } dropped && !context.IsNewObject(dropped.Kind, dropped.Name)
            ? Find(dropped.Name, $"{Kinds.Name(dropped.Kind)} {dropped.Name} was dropped")
            : [];
}
