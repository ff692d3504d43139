using Runback.Runbook.Migrations.Rules;
using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Judges columns of old tables and views.</summary>
internal static class ChangedColumns
{
    public static IEnumerable<ObservedReason> Judge(Comparison comparison) =>
        comparison.Of(CatalogKind.Column).Where(change => !(change.Before ?? change.After!).Is("inherited")).SelectMany(change => change.Difference switch
        {
            CatalogDifference.Removed => comparison.Stays(change.Before!.Table) ? Removed(change.Before, comparison) : [],
            CatalogDifference.Added => comparison.WasThere(change.After!.Table) ? Added(change.After) : [],
            _ => Changed(change.Before!, change.After!),
        });

    private static IEnumerable<ObservedReason> Removed(CatalogObject column, Comparison comparison) =>
        [comparison.Renamed.TryGetValue(column.Identity, out var name)
            ? Comparison.Reason("rename-column", column.Identity, $"{column.Name} became {CatalogName.Short(name)}")
            : Comparison.Reason("drop-column", column.Identity, $"column {column.Name} is gone")];

    private static IEnumerable<ObservedReason> Added(CatalogObject column)
    {
        if (column.Is("of view"))
            yield break;
        var nullable = column.Is("nullable");
        if (column["generated"] is { } expression)
        {
            if (!nullable && Expressions.MayBeNull(expression))
                yield return Comparison.Reason("add-required-column", column.Identity, $"{column.Name} must not be NULL, and {expression} may be");
            if (Expressions.MayFail(expression))
                yield return Comparison.Reason("expression-may-fail", column.Identity, $"writes to {CatalogName.Short(column.Table!)} compute {expression}, which can fail");
        }
        else if (!nullable && column["default"] is null && column["identity"] is null)
            yield return Comparison.Reason("add-required-column", column.Identity, $"INSERTs into {CatalogName.Short(column.Table!)} must name the new column {column.Path[^1]}");
    }

    private static IEnumerable<ObservedReason> Changed(CatalogObject before, CatalogObject after)
    {
        var (name, type) = (before.Name, before["type"]!);
        if (type != after["type"])
            yield return TypeText.Widens(type, after["type"])
                ? Comparison.Reason("widen-column-type", before.Identity, $"{name} was {type} and is {after["type"]}")
                : Comparison.Reason("change-column-type", before.Identity, $"{name} was {type} and is {after["type"]}");
        if (before["collation"] != after["collation"])
            yield return Comparison.Reason("change-column-type", before.Identity, $"{name} is compared by {after["collation"] ?? "its type's collation"} from now on");
        if (before.Is("nullable") != after.Is("nullable"))
            yield return after.Is("nullable")
                ? Comparison.Reason("drop-not-null", before.Identity, $"{name} accepts NULL from now on")
                : Comparison.Reason("set-not-null", before.Identity, $"{name} must not be NULL from now on");
        if (before["identity"] != after["identity"])
            yield return Comparison.Reason("change-identity", before.Identity, $"identity of {name} was added, changed or dropped");
        if (before["generated"] != after["generated"] || before["generation"] != after["generation"])
            yield return Comparison.Reason("change-generated-column", before.Identity, $"{name} is computed in another way, or no longer");
        if (before["default"] == after["default"])
            yield break;
        if (after["default"] is { } value)
            yield return Comparison.Reason("change-default", before.Identity, $"the default of {name} is now {value}");
        else if (after["identity"] is null && after["generated"] is null)
            yield return Comparison.Reason("drop-default", before.Identity, $"the default of {name} is gone");
    }
}
