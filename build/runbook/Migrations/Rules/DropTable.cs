using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old table was dropped.</summary>
internal sealed class DropTable() : Rule("drop-table", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A table that the release before uses was dropped.",
        Why: "Every query of old code on it fails, and its rows are gone: only a backup has them.",
        Remedy:
            "Stop using the table in one release, drop it in a later one. After the fact: restore, or add the table again from "
            + "the backup.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectDropped { Kind: ObjectKind.Table or ObjectKind.ForeignTable } dropped && !context.IsNewObject(dropped.Kind, dropped.Name)
            ? Find(dropped.Name, $"{Kinds.Name(dropped.Kind)} {dropped.Name} was dropped")
            : [];
}
