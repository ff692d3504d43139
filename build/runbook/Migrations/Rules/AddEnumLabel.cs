using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A label was added to an old enum.</summary>
internal sealed class AddEnumLabel() : Rule("add-enum-label", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A label was added to an enum that old code knows.",
        Why: "New code may have written the label into rows. Old code that reads one of them does not know it: an ORM raises LookupError.",
        Remedy:
            "Count the rows with the new label; map them to an old one before going back, or make old code tolerate it. "
            + "PostgreSQL can not remove a label again.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is EnumLabelAdded added && !context.IsNewObject(ObjectKind.Type, added.Type)
            ? Find(added.Type, $"{added.Type} has the new label '{added.Label}'")
            : [];
}
