using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A sequence that old code takes numbers from was moved.</summary>
internal sealed class SetSequence() : Rule("set-sequence", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A sequence's position was set (setval, RESTART).",
        Why: "Old code takes its next number from there: set too low, its INSERTs collide with rows that are there.",
        Remedy: "Set it above the largest number in use.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is SequenceValueSet set && !(set.Sequence is { } name && IsNew(name, context))
            ? Find(set.Sequence?.ToString() ?? "sequence", $"the next number of {set.Sequence?.ToString() ?? "a sequence"} was set")
            : [];

    // A serial column's sequence is called <table>_<column>_seq and comes with its table.
    private static bool IsNew(ObjectName name, RuleContext context) =>
        context.IsNewObject(ObjectKind.Sequence, name)
        || context.Schema.Tables.Any(table => context.IsNew(table.Value.Birth) && table.Key.Schema == name.Schema
            && table.Value.Columns.Values.Any(column => name.Name == $"{table.Key.Name}_{column.Spec.Name}_seq"));
}
