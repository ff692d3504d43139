using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old function was dropped.</summary>
internal sealed class DropFunction() : Rule("drop-function", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A function, procedure or aggregate was dropped.",
        Why: "Old code that calls it fails, and so do triggers, defaults, views and policies that went with it by CASCADE.",
        Remedy: "Keep it until no running release calls it. A forward fix can create it again: it holds no data.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectDropped { Kind: ObjectKind.Function or ObjectKind.Procedure or ObjectKind.Aggregate } dropped && !context.IsNewObject(dropped.Kind, dropped.Name)
            ? Find(dropped.Name, $"{Kinds.Name(dropped.Kind)} {dropped.Name} was dropped")
            : [];
}
