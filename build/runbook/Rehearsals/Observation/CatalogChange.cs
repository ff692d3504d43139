namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>How an object differs between two snapshots.</summary>
public enum CatalogDifference
{
    /// <summary>Only the later one has it.</summary>
    Added,
    /// <summary>Only the earlier one has it.</summary>
    Removed,
    /// <summary>Both have it, with another definition.</summary>
    Changed,
}

/// <summary>One difference between two snapshots. A renamed object is one removed and one added.</summary>
/// <param name="Kind">The object's kind.</param>
/// <param name="Identity">Its name, with its schema.</param>
/// <param name="Difference">How it differs.</param>
/// <param name="Before">The object in the earlier snapshot; null when it was added.</param>
/// <param name="After">The object in the later snapshot; null when it was removed.</param>
public sealed record CatalogChange(CatalogKind Kind, string Identity, CatalogDifference Difference, CatalogObject? Before, CatalogObject? After)
{
    /// <summary>The difference in one sentence.</summary>
    public string Text => Difference switch
    {
        CatalogDifference.Added => $"{CatalogName.Of(Kind)} {CatalogName.Short(Identity)} was added",
        CatalogDifference.Removed => $"{CatalogName.Of(Kind)} {CatalogName.Short(Identity)} was removed",
        _ => $"{CatalogName.Of(Kind)} {CatalogName.Short(Identity)} was `{CatalogName.Shown(Before?.Definition)}` and is `{CatalogName.Shown(After?.Definition)}`",
    };
}
