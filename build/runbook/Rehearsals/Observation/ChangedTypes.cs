namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Judges enums, domains, composite and range types.</summary>
internal static class ChangedTypes
{
    public static IEnumerable<ObservedReason> Judge(Comparison comparison) =>
        comparison.Of(CatalogKind.Enum, CatalogKind.Domain, CatalogKind.Type).SelectMany(change => change.Difference switch
        {
            CatalogDifference.Removed => [Comparison.Reason("drop-type", change.Identity, $"type {change.Before!.Name} is gone")],
            CatalogDifference.Added => [],
            _ => change.Kind switch
            {
                CatalogKind.Enum => Enum(change.Before!, change.After!),
                CatalogKind.Domain => Domain(change.Before!, change.After!),
                _ => [Comparison.Reason("alter-type", change.Identity, $"type {change.Before!.Name} was {change.Before.Definition} and is {change.After!.Definition}")],
            },
        });

    private static IEnumerable<ObservedReason> Enum(CatalogObject before, CatalogObject after)
    {
        var (old, now) = (Comparison.Names(before["labels"]), Comparison.Names(after["labels"]));
        foreach (var label in old.Except(now))
            yield return Comparison.Reason("remove-enum-label", before.Identity, $"{before.Name} no longer has the label '{label}'");
        foreach (var label in now.Except(old))
            yield return Comparison.Reason("add-enum-label", before.Identity, $"{before.Name} has the new label '{label}'");
        if (!old.Intersect(now).SequenceEqual(now.Intersect(old)))
            yield return Comparison.Reason("alter-type", before.Identity, $"the labels of {before.Name} sort in another order");
    }

    private static IEnumerable<ObservedReason> Domain(CatalogObject before, CatalogObject after)
    {
        var (old, now) = (Comparison.Names(before["checks"]), Comparison.Names(after["checks"]));
        foreach (var check in now.Except(old))
            yield return Comparison.Reason("add-check", before.Identity, $"values of {before.Name} must pass {check}");
        foreach (var check in old.Except(now))
            yield return Comparison.Reason("drop-constraint", before.Identity, $"values of {before.Name} need not pass {check} any more");
        if (before.Attributes.Where(one => one.Name != "checks").SequenceEqual(after.Attributes.Where(one => one.Name != "checks")))
            yield break;
        yield return Comparison.Reason("alter-type", before.Identity, $"domain {before.Name} was {before.Definition} and is {after.Definition}");
    }
}
