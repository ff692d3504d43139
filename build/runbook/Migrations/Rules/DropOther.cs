using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old object of another kind was dropped.</summary>
internal sealed class DropOther() : Rule("drop-other-object", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A role, operator, cast, collation, publication, subscription, foreign server or text search object was dropped.",
        Why: "Old code, or a consumer of the database, may log in with it, sort by it, search with it or read from it.",
        Remedy: "Drop it one release after its last use.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectDropped { Kind: ObjectKind.Collation or ObjectKind.Operator or ObjectKind.Cast or ObjectKind.EventTrigger or ObjectKind.Publication or ObjectKind.Subscription or ObjectKind.Role or ObjectKind.ForeignServer or ObjectKind.TextSearch } dropped && !context.IsNewObject(dropped.Kind, dropped.Name)
            ? Find(dropped.Name, $"{Kinds.Name(dropped.Kind)} {dropped.Name} was dropped")
            : [];
}
