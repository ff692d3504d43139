using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old type was dropped.</summary>
internal sealed class DropType() : Rule("drop-type", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A type or domain was dropped.",
        Why:
            "Old code that casts to it or binds parameters of it fails. A type is often dropped to be built again with other "
            + "labels, which also rewrites its columns.",
        Remedy: "Add labels with ALTER TYPE … ADD VALUE instead of building the type again; drop a type one release after its last use.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectDropped { Kind: ObjectKind.Type or ObjectKind.Domain } dropped && !context.IsNewObject(dropped.Kind, dropped.Name)
            ? Find(dropped.Name, $"{Kinds.Name(dropped.Kind)} {dropped.Name} was dropped")
            : [];
}
