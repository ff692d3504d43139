using Runback.Runbook.Migrations.Sql;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A column's type was widened.</summary>
internal sealed class WidenColumnType() : Rule("widen-column-type", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A column got a type that holds every old value unchanged: a longer varchar, a larger integer, a numeric with more room.",
        Why:
            "Old code reads what it wrote as before. What new code wrote meanwhile may be longer or larger than old code "
            + "expects (a form field, a 32-bit integer). The same type again counts here too: it may hide a collation.",
        Remedy: "Nothing to do as a rule. Look whether the release before truncates or validates the length.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ColumnTypeChanged { Table.Name: not "alembic_version" } changed && !context.IsNewColumn(changed.Table, changed.Column) && Widens(changed, context)
            ? Find(changed.Table.Part(changed.Column), $"{changed.Column} of {changed.Table} became {changed.To}, {Before(changed, context)}")
            : [];

    /// <summary>
    /// True when the type before is known, and every value of it is one of the new type. A USING expression may compute anything; and where the migration
    /// says another type than the migrations before it made, one of them is wrong.
    /// </summary>
    internal static bool Widens(ColumnTypeChanged changed, RuleContext context) =>
        IsPlain(changed) && !Contradicts(changed, context) && From(changed, context) is { } from && (TypeText.Same(from, changed.To) || TypeText.Widens(from, changed.To));

    /// <summary>What the type was, for the finding.</summary>
    internal static string Before(ColumnTypeChanged changed, RuleContext context) =>
        Contradicts(changed, context) ? $"it was {Made(changed, context)}, though this migration says {changed.From}"
        : From(changed, context) is { } from ? $"it was {from}" : "what it was is not known";

    private static bool Contradicts(ColumnTypeChanged changed, RuleContext context) => TypeText.Contradict(Made(changed, context), changed.From);

    private static string? Made(ColumnTypeChanged changed, RuleContext context) => context.Column(changed.Table, changed.Column)?.Spec.Type;

    // Alembic makes its own table with varchar(32); a longer one is for longer revision ids, and no application reads it.
    private static string? From(ColumnTypeChanged changed, RuleContext context) =>
        Made(changed, context) ?? changed.From ?? (changed.Table.Name == "alembic_version" ? "varchar(32)" : null);

    private static bool IsPlain(ColumnTypeChanged changed) =>
        changed.Using is null || Expressions.IsCastOf(changed.Using, changed.Column, changed.To);
}
