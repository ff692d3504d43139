using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old extension was dropped.</summary>
internal sealed class DropExtension() : Rule("drop-extension", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "An extension or procedural language was dropped.",
        Why: "Its functions, types, operators and index methods are gone; old code that uses one of them fails.",
        Remedy: "Keep extensions for one more release; they cost nothing unused.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectDropped { Kind: ObjectKind.Extension or ObjectKind.Language } dropped && !context.IsNewObject(dropped.Kind, dropped.Name)
            ? Find(dropped.Name, $"{Kinds.Name(dropped.Kind)} {dropped.Name} was dropped")
            : [];
}
