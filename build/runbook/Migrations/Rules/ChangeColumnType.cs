using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A column's type changed in a way that is not known to be a widening.</summary>
internal sealed class ChangeColumnType() : Rule("change-column-type", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A column's type changed, and the new type is not known to hold every old value in the same text form.",
        Why:
            "Old code sends parameters of the old type (operator does not exist: integer = text) and reads values in a form "
            + "that it does not expect. What a conversion cut off or rounded is lost.",
        Remedy:
            "Add a column of the new type, fill it, switch code, drop the old one later. If this is a widening, say "
            + "existing_type so that it can be seen.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ColumnTypeChanged changed && !context.IsNewColumn(changed.Table, changed.Column) && !WidenColumnType.Widens(changed, context)
            ? Find(changed.Table.Part(changed.Column), $"{changed.Column} of {changed.Table} became {changed.To ?? "another type"}, {WidenColumnType.Before(changed, context)}")
            : [];
}
