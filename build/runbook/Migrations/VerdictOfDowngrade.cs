using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.Migrations;

/// <summary>Judges a migration's way back by what both directions do.</summary>
public static class VerdictOfDowngrade
{
    /// <summary>
    /// What the downgrade of a migration is worth. What could not be followed in it counts as lossy: whether it keeps everything is not known.
    /// </summary>
    /// <param name="script">The migration.</param>
    /// <param name="types">What type a column had before a change of it, where the migrations before tell; what the change itself says counts only without.</param>
    public static DowngradeAssessment Assess(MigrationScript script, IReadOnlyDictionary<Change, string>? types = null)
    {
        types ??= new Dictionary<Change, string>();
        if (script.DowngradeRaisesAtLine is { } line)
            return new(DowngradeKind.Raises, "downgrade() raises", new SourceLine(script.File, line));
        if (script.Upgrade.Any(Acts) && (!script.HasDowngrade || !script.Downgrade.Any(Acts)))
            return new(DowngradeKind.Missing, script.HasDowngrade ? "downgrade() does nothing" : "there is no downgrade()", new SourceLine(script.File, 0));
        var loss = Losses(script.Downgrade, "downgrade() ", types).Concat(Losses(script.Upgrade, "upgrade() ", types)).FirstOrDefault();
        return loss ?? new(DowngradeKind.Present, "", SourceLine.None);
    }

    private static bool Acts(Change change) => change is not (Harmless or AutocommitBegun or AutocommitEnded);

    private static IEnumerable<DowngradeAssessment> Losses(ValueList<Change> changes, string direction, IReadOnlyDictionary<Change, string> types)
    {
        var created = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change is TableCreated table)
                created.Add(table.Name.ToString());
            else if (change is ColumnAdded added)
                created.Add(added.Table.Part(added.Column.Name));
            else if (Loss(change, created, types) is { } what)
                yield return new(DowngradeKind.Lossy, direction + what, change.At);
        }
    }

    private static string? Loss(Change change, HashSet<string> created, IReadOnlyDictionary<Change, string> types) => change switch
    {
        ObjectDropped { Kind: ObjectKind.Table or ObjectKind.ForeignTable or ObjectKind.Schema or ObjectKind.Database } dropped when !created.Contains(dropped.Name.ToString()) =>
            $"drops {dropped.Name}",
        ColumnDropped dropped when !created.Contains(dropped.Table.Part(dropped.Column)) && !created.Contains(dropped.Table.ToString()) =>
            $"drops {dropped.Table.Part(dropped.Column)}",
        RowsDeleted deleted when !Made(deleted.Table, created) => $"deletes rows of {deleted.Table?.ToString() ?? "a table"}",
        TableTruncated truncated when !Made(truncated.Table, created) => $"empties {truncated.Table}",
        RowsUpdated updated when !Made(updated.Table, created) && !OnlyNew(updated, created) => $"overwrites values of {updated.Table?.ToString() ?? "a table"}",
        RowsInserted { Updates.Count: > 0 } inserted when !Made(inserted.Table, created) => $"overwrites values of {inserted.Table?.ToString() ?? "a table"}",
        ColumnTypeChanged changed when !TypeText.Widens(types.GetValueOrDefault(changed) ?? changed.From, changed.To) && !Made(changed.Table, created) =>
            $"converts {changed.Table.Part(changed.Column)}",
        EnumLabelRemoved removed => $"removes a label of {removed.Type}",
        Unknown unknown => $"does something that could not be followed ({unknown.What})",
        _ => null,
    };

    private static bool Made(ObjectName? table, HashSet<string> created) => table is not null && created.Contains(table.ToString());

    private static bool OnlyNew(RowsUpdated updated, HashSet<string> created) =>
        updated is { Table: { } table, Columns.Count: > 0 } && updated.Columns.All(column => created.Contains(table.Part(column)));
}
