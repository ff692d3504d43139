using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A new object that reaches old ones.</summary>
internal sealed class FarReaching() : Rule("far-reaching-object", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A cast, operator, event trigger, publication or subscription was created.",
        Why:
            "It acts on what is there: a cast or operator changes what an old query means, an event trigger runs on schema "
            + "changes, a table in a publication refuses UPDATE without a replica identity, a subscription writes rows.",
        Remedy: "Look at what it touches. A forward fix drops it.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectCreated { Kind: ObjectKind.Cast or ObjectKind.Operator or ObjectKind.EventTrigger or ObjectKind.Publication or ObjectKind.Subscription } created
            ? Find(created.Name, $"{Kinds.Name(created.Kind)} {created.Name} acts on what is there")
            : [];
}
