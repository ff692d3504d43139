using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Judges what the schemas don't show: rows of old tables that were touched, and what was dropped or renamed and then made again.</summary>
internal static class TouchedRows
{
    public static IEnumerable<ObservedReason> Judge(Comparison comparison) =>
        comparison.Observed is not { } observed
            ? []
            : observed.Rows.Where(rows => comparison.WasThere(rows.Table)).SelectMany(rows => Touched(rows, comparison))
                .Concat(observed.Dropped.SelectMany(dropped => MadeAgain(dropped, comparison)))
                .Concat(observed.Renamed.Where(renamed => IsThere(renamed.Identity, comparison)).Select(renamed => Exchanged(renamed.Identity, renamed.NewIdentity)))
                .Concat(observed.Gaps.Select(gap => Comparison.Reason(NotUnderstood.RuleId, "the record", gap)));

    private static IEnumerable<ObservedReason> Touched(RowChange rows, Comparison comparison)
    {
        var name = CatalogName.Short(rows.Table);
        if (rows.Inserted > 0)
            yield return Comparison.Reason("insert-rows", rows.Table, $"{rows.Inserted} rows were inserted into {name}");
        if (rows.Deleted > 0)
            yield return Comparison.Reason("delete-rows", rows.Table, $"{rows.Deleted} rows of {name} were deleted");
        if (rows.OldValues == OldValues.Changed || (rows.Updated > 0 && rows.OldValues == OldValues.Unknown))
            yield return Comparison.Reason("update-rows", rows.Table,
                $"{rows.Updated} rows of {name} were updated, {(rows.OldValues == OldValues.Changed ? "and old columns hold other values" : "and whether old columns changed can't be told")}");
        else if (rows.Updated > 0 && HasNewColumn(rows.Table, comparison))
            yield return Comparison.Reason("backfill-column", rows.Table, $"{rows.Updated} rows of {name} were filled; old columns hold what they held");
    }

    private static bool HasNewColumn(string table, Comparison comparison) =>
        comparison.Of(CatalogKind.Column).Any(change => change.Difference == CatalogDifference.Added && change.After!.Table == table);

    private static IEnumerable<ObservedReason> MadeAgain(DroppedObject dropped, Comparison comparison)
    {
        if (!IsThere(dropped.Identity, comparison))
            return [];
        var name = CatalogName.Short(dropped.Identity);
        return dropped.ObjectType switch
        {
            "table" or "foreign table" => [Comparison.Reason("drop-table", dropped.Identity, $"{name} was dropped and made again: its rows are gone")],
            "table column" => [Comparison.Reason("drop-column", dropped.Identity, $"{name} was dropped and made again: its values are gone")],
            "sequence" => [Comparison.Reason("set-sequence", dropped.Identity, $"{name} was dropped and made again: it counts from its start")],
            _ => [],
        };
    }

    // Its name belongs to something else now, which may look the same.
    private static ObservedReason Exchanged(string identity, string now) =>
        Comparison.Reason("rename-object", identity, $"{CatalogName.Short(identity)} became {CatalogName.Short(now)}, and something else has its name");

    private static bool IsThere(string identity, Comparison comparison) => comparison.Stays(identity);
}
