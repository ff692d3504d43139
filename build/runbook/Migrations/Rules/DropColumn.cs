using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A column of an old table was dropped.</summary>
internal sealed class DropColumn() : Rule("drop-column", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A column that the release before reads or writes was dropped.",
        Why:
            "Its queries name the column and fail. An ORM names every mapped column in every SELECT, so even pages that do not "
            + "show it fail. The values are gone: only a backup has them.",
        Remedy:
            "Stop mapping the column in one release, drop it in a later one. After the fact: add it again (nullable), and "
            + "bring the values back from the backup.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ColumnDropped dropped && !context.IsNewColumn(dropped.Table, dropped.Column)
            ? Find(dropped.Table.Part(dropped.Column), $"column {dropped.Column} of {dropped.Table} was dropped")
            : [];
}
