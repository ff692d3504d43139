using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old object got another name or schema.</summary>
internal sealed class RenameObject() : Rule("rename-object", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A view, function, sequence, type, schema or another object got another name, or moved to another schema.",
        Why: "Old code still says the old name and fails.",
        Remedy:
            "Create the new name beside the old one (a view over a view, a function that calls the other) and drop the old one "
            + "a release later. A forward fix gives the old name back.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectRenamed { Kind: not (ObjectKind.Table or ObjectKind.ForeignTable) } renamed && !context.IsNewObject(renamed.Kind, renamed.Name)
            ? Find(renamed.Name, $"{Kinds.Name(renamed.Kind)} {renamed.Name} became {renamed.NewName}")
            : [];
}
