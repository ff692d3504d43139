namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Judges schemas, extensions, tables, views, sequences, functions, settings and rarer objects.</summary>
internal static class ChangedObjects
{
    private static readonly string[] Reaching = ["cast ", "operator ", "event trigger ", "publication ", "subscription "];

    public static IEnumerable<ObservedReason> Judge(Comparison comparison) =>
        comparison.Changes.SelectMany(change => change.Difference switch
        {
            CatalogDifference.Removed => Removed(change.Before!, comparison),
            CatalogDifference.Added => Added(change.After!, comparison),
            _ => Changed(change.Before!, change.After!),
        });

    private static IEnumerable<ObservedReason> Removed(CatalogObject gone, Comparison comparison)
    {
        var rule = gone.Kind switch
        {
            CatalogKind.Schema => "drop-schema",
            CatalogKind.Extension => "drop-extension",
            CatalogKind.Table or CatalogKind.ForeignTable => "drop-table",
            CatalogKind.View or CatalogKind.MaterializedView => "drop-view",
            CatalogKind.Sequence when !GoesWithItsColumn(gone, comparison) => "drop-sequence",
            CatalogKind.Function => "drop-function",
            CatalogKind.Other => "drop-other-object",
            CatalogKind.Setting => "alter-object",
            _ => null,
        };
        if (rule is null)
            yield break;
        if (comparison.Renamed.TryGetValue(gone.Identity, out var name))
            yield return Comparison.Reason(rule == "drop-table" ? "rename-table" : "rename-object", gone.Identity, $"{gone.Name} became {CatalogName.Short(name)}");
        else
            yield return Comparison.Reason(rule, gone.Identity, gone.Kind == CatalogKind.Other ? $"{gone.Name} is gone" : $"{CatalogName.Of(gone.Kind)} {gone.Name} is gone");
    }

    // A serial column's sequence goes with the column or its table.
    private static bool GoesWithItsColumn(CatalogObject sequence, Comparison comparison) =>
        sequence.Table is { } table && sequence["column"] is { } column && comparison.After.Find(CatalogKind.Column, Comparison.ColumnOf(table, column)) is null;

    private static IEnumerable<ObservedReason> Added(CatalogObject come, Comparison comparison)
    {
        if (come.Kind == CatalogKind.Function && comparison.Before.Objects.Any(old => old.Kind == CatalogKind.Function && old.Path.Equals(come.Path)))
            yield return Comparison.Reason("replace-object", come.Identity, $"{come.Name} stands beside an old function of the same name");
        if (come.Kind == CatalogKind.Other && Reaching.Any(kind => come.Identity.StartsWith(kind, StringComparison.Ordinal)))
            yield return Comparison.Reason("far-reaching-object", come.Identity, $"{come.Name} acts on what is there");
        if (come.Kind == CatalogKind.Setting)
            yield return Comparison.Reason("alter-object", come.Identity, $"the database's setting {come.Name} is now {come.Definition}");
    }

    private static IEnumerable<ObservedReason> Changed(CatalogObject before, CatalogObject after)
    {
        switch (before.Kind)
        {
            case CatalogKind.Table or CatalogKind.ForeignTable:
                if (Differ(before, after, "row security") || Differ(before, after, "forced row security"))
                    yield return Comparison.Reason("row-level-security", before.Identity, $"row level security of {before.Name} was switched");
                if (Differ(before, after, "partitioned by"))
                    yield return Comparison.Reason("change-partitions", before.Identity, $"{before.Name} is partitioned in another way");
                if (Differ(before, after, "persistence") || Differ(before, after, "options") || Differ(before, after, "replica identity")
                    || Differ(before, after, "server") || Differ(before, after, "server options"))
                    yield return Comparison.Reason("alter-object", before.Identity, $"{before.Name} has other settings");
                break;
            case CatalogKind.View or CatalogKind.MaterializedView:
                if (before.Definition != after.Definition)
                    yield return Comparison.Reason("replace-object", before.Identity, $"{CatalogName.Of(before.Kind)} {before.Name} is another query");
                if (before.Is("populated") && !after.Is("populated"))
                    yield return Comparison.Reason("drop-view", before.Identity, $"{before.Name} holds nothing and can't be read until it is refreshed");
                else if (before.Definition == after.Definition)
                    yield return Comparison.Reason("alter-object", before.Identity, $"{before.Name} has other settings");
                break;
            case CatalogKind.Function when before["result"] != after["result"] || before["kind"] != after["kind"]:
                yield return Comparison.Reason("drop-function", before.Identity, $"{before.Name} returned {before["result"]} and returns {after["result"]}");
                break;
            case CatalogKind.Function:
                yield return Comparison.Reason("replace-object", before.Identity, $"{before.Name} does something else");
                break;
            case CatalogKind.Extension:
                yield return Comparison.Reason("alter-object", before.Identity, $"extension {before.Name} was {before["version"]} and is {after["version"]}");
                break;
            case CatalogKind.Sequence when before.Attributes.Concat(after.Attributes).GroupBy(one => one).Any(same => same.Count() == 1 && same.Key.Name != "column"):
            case CatalogKind.Other or CatalogKind.Setting:
                yield return Comparison.Reason("alter-object", before.Identity, $"{before.Name} was `{CatalogName.Shown(before.Definition)}` and is `{CatalogName.Shown(after.Definition)}`");
                break;
            default:
                break;
        }
    }

    private static bool Differ(CatalogObject before, CatalogObject after, string attribute) => before[attribute] != after[attribute];
}
