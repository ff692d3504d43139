using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old type, domain or role was altered.</summary>
internal sealed class AlterType() : Rule("alter-type", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem:
            "A composite type, a domain or a role was altered: an attribute added or dropped, a default or NOT NULL, a "
            + "password or a right.",
        Why: "Old code builds values of the old shape, or logs in as before.",
        Remedy: "Create a new type beside the old one. A forward fix alters it back.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectAltered { Kind: ObjectKind.Type or ObjectKind.Domain or ObjectKind.Role } altered && !context.IsNewObject(altered.Kind, altered.Name)
            ? Find(altered.Name, $"{Kinds.Name(altered.Kind)} {altered.Name}: {altered.What}")
            : [];
}
