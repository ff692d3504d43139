using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old table got another name or schema.</summary>
internal sealed class RenameTable() : Rule("rename-table", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A table got another name, or moved to another schema.",
        Why: "Old code still says the old name: every query on it fails. Its rows are all there.",
        Remedy: "Leave a view of the old name behind (simple views accept INSERT, UPDATE and DELETE), or rename it back in a forward fix.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectRenamed { Kind: ObjectKind.Table or ObjectKind.ForeignTable } renamed && !context.IsNewRelation(renamed.Name)
            ? Find(renamed.Name, $"table {renamed.Name} became {renamed.NewName}")
            : [];
}
