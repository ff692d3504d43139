using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old schema was dropped.</summary>
internal sealed class DropSchema() : Rule("drop-schema", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A schema (or database) was dropped.",
        Why: "Everything in it is gone for old code.",
        Remedy: "Stop using it in one release, drop it in a later one.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectDropped { Kind: ObjectKind.Schema or ObjectKind.Database } dropped && !context.IsNewObject(dropped.Kind, dropped.Name)
            ? Find(dropped.Name, $"{Kinds.Name(dropped.Kind)} {dropped.Name} was dropped")
            : [];
}
