using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Judges indexes of old tables that no constraint owns. The same index under another name is a rename; a changed one went and came.</summary>
internal static class ChangedIndexes
{
    public static IEnumerable<ObservedReason> Judge(Comparison comparison)
    {
        var gone = comparison.Gone(CatalogKind.Index).ToList();
        var come = comparison.Come(CatalogKind.Index).ToList();
        foreach (var before in gone.ToList())
        {
            // One that became invalid serves no query and no ON CONFLICT.
            if (come.Find(after => after.Table == before.Table && after.Definition == before.Definition && (after.Is("valid") || !before.Is("valid"))) is not { } match)
                continue;
            gone.Remove(before);
            come.Remove(match);
            if (match.Identity != before.Identity)
                yield return Comparison.Reason("rename-constraint", before.Identity, $"index {before.Name} became {match.Name}");
        }
        foreach (var before in gone.Where(comparison.HasAllColumns))
            yield return before.Is("unique")
                ? Comparison.Reason("drop-unique", before.Identity, $"index {before.Name} is gone, which kept rows unique")
                : Comparison.Reason("drop-index", before.Identity, $"index {before.Name} is gone");
        foreach (var reason in come.SelectMany(after => Come(after, comparison)))
            yield return reason;
    }

    private static IEnumerable<ObservedReason> Come(CatalogObject index, Comparison comparison)
    {
        var (table, keys) = (index.Table!, Comparison.Names(index["keys"]));
        var name = CatalogName.Short(table);
        if (index.Is("unique") && !keys.Any(key => NeverConflicts(table, key, index.Is("nulls not distinct"), comparison)) && !NeverHolds(index["predicate"], table, comparison))
            yield return Comparison.Reason("add-unique", index.Identity, $"rows of {name} must be unique by {string.Join(", ", keys)}");
        var failing = keys.Where(key => key.StartsWith('(')).Append(index["predicate"]).FirstOrDefault(part => part is not null && Expressions.MayFail(part));
        if (failing is not null)
            yield return Comparison.Reason("expression-may-fail", index.Identity, $"writes to {name} compute {failing}, which can fail");
    }

    private static bool NeverConflicts(string table, string key, bool nullsNotDistinct, Comparison comparison) =>
        key.StartsWith('(')
            ? !nullsNotDistinct && Expressions.IsNullFor(ChangedConstraints.Plain(key), column => comparison.StaysNull(table, column))
            : ChangedConstraints.NeverConflicts(table, key, nullsNotDistinct, comparison);

    private static bool NeverHolds(string? predicate, string table, Comparison comparison) =>
        predicate is not null && CheckEvaluation.NeverTrue(ChangedConstraints.Plain(predicate), column => comparison.ValueForOldCode(table, column));
}
