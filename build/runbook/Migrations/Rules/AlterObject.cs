using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old object was altered in another way.</summary>
internal sealed class AlterObject() : Rule("alter-object", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem:
            "A function, view, sequence, extension, publication, table or the database itself got other settings, or a "
            + "materialized view was refreshed.",
        Why: "The object is there and answers, perhaps in another way than old code expects.",
        Remedy: "Look at the statement.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectAltered { Kind: not (ObjectKind.Type or ObjectKind.Domain or ObjectKind.Role) } altered && !context.IsNewObject(altered.Kind, altered.Name)
            ? Find(altered.Name, $"{Kinds.Name(altered.Kind)} {altered.Name}: {altered.What}")
            : [];
}
