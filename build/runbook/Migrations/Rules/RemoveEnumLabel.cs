using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A label of an old enum was renamed or removed.</summary>
internal sealed class RemoveEnumLabel() : Rule("remove-enum-label", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A label of an enum that old code knows was renamed or removed.",
        Why: "Old code still writes the old label (invalid input value for enum) and reads labels that it does not know.",
        Remedy: "Add the new label, move rows over, leave the old label alone: unused labels cost nothing. A forward fix renames it back.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        EnumLabelRenamed renamed when !context.IsNewObject(ObjectKind.Type, renamed.Type) =>
            Find(renamed.Type, $"label '{renamed.Label}' of {renamed.Type} became '{renamed.NewLabel}'"),
        EnumLabelRemoved removed when !context.IsNewObject(ObjectKind.Type, removed.Type) =>
            Find(removed.Type, $"label {(removed.Label is null ? "" : $"'{removed.Label}' ")}of {removed.Type} was removed"),
        _ => [],
    };
}
