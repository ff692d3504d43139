using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old sequence was dropped.</summary>
internal sealed class DropSequence() : Rule("drop-sequence", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A sequence was dropped.",
        Why: "Old code that takes numbers from it (nextval by name, or a column default) fails on INSERT; the last number is lost.",
        Remedy: "Keep it for one more release. To bring it back, start above the largest number in use.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectDropped { Kind: ObjectKind.Sequence } dropped && !context.IsNewObject(dropped.Kind, dropped.Name)
            ? Find(dropped.Name, $"{Kinds.Name(dropped.Kind)} {dropped.Name} was dropped")
            : [];
}
