using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>A label of an enum that was removed or renamed is added again.</summary>
internal sealed class LostEnumLabel() : Fix("remove-enum-label")
{
    public override FixAnswer? Answer(Reason reason, FixContext context) =>
        Each<EnumLabelRenamed>(reason, context, change => change.Type.ToString(), (change, _) => Renamed(change))
        ?? Each<EnumLabelRemoved>(reason, context, change => change.Type.ToString(), (change, _) => Removed(change));

    /// <summary>The step that adds a label.</summary>
    internal static FixStep Add(ObjectName type, string label) => new(
        FixPhase.Types, $"{type} '{label}'", $"adds the label '{label}' to {type} again",
        [RunSql.Of($"ALTER TYPE {SqlName.Of(type)} ADD VALUE IF NOT EXISTS {SqlName.Literal(label)}")],
        [new Remark($"PostgreSQL can't remove a label of an enum: it stays in {type}, unused.")]);

    // Old code can write and ask for its label again; what it reads are rows with the new one.
    private static FixAnswer Renamed(EnumLabelRenamed change) => new(
        [Add(change.Type, change.Label)],
        $"rows hold '{change.NewLabel}' where old code knows '{change.Label}'",
        $"ALTER TYPE {SqlName.Of(change.Type)} RENAME VALUE back when the newer code is gone, or let a patched old release know '{change.NewLabel}'");

    private static FixAnswer Removed(EnumLabelRemoved change) => change.Label is { } label
        ? FixAnswer.By(Add(change.Type, label))
        : FixAnswer.Cannot($"which label of {change.Type} was removed is not known", "ALTER TYPE ... ADD VALUE, with the label that old code writes");
}
