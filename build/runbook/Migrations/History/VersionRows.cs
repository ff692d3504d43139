namespace Runback.Runbook.Migrations.History;

/// <summary>What is wrong with the rows of a version table.</summary>
/// <param name="Found">What was expected and found.</param>
/// <param name="Hint">What to do.</param>
public sealed record VersionFault(string Found, string Hint);

/// <summary>
/// Holds the rows of a version table against a history. Alembic keeps one row for each head of what was applied, and refuses to go on from rows of
/// which one follows or depends on another ("overlaps with other requested revisions", <c>RevisionMap._iterate_related_revisions</c>, Alembic 1.13), or
/// from one revision in several rows ("expected to match one row", <c>HeadMaintainer</c>).
/// </summary>
public static class VersionRows
{
    private const int MostPairs = 3;

    /// <summary>What is wrong with them; null when nothing is, as far as the histories tell. No rows at all are no fault here.</summary>
    /// <param name="rows">The rows as they are, duplicates too; a row without a revision is empty.</param>
    /// <param name="histories">The migrations that are known; none still tells duplicates.</param>
    public static VersionFault? Fault(IReadOnlyList<string> rows, params IEnumerable<RevisionGraph> histories)
    {
        if (rows.Contains(""))
            return new VersionFault($"expected a revision in every row of the version table, found one without ({Names(rows.Where(row => row.Length > 0))} besides)", "remove that row: alembic can't go on from it");
        if (rows.GroupBy(row => row, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            return new VersionFault(
                $"expected one row for each head in the version table, found {twice.Key} in {twice.Count()} rows",
                $"leave one row of {twice.Key}, and give the table its primary key back: alembic can't go on from this");
        }
        var pairs = histories.SelectMany(history => Overlaps(rows, history)).Distinct().ToList();
        if (pairs.Count == 0)
            return null;
        return new VersionFault(
            $"expected heads of the history in the version table, found {string.Join("; ", pairs.Take(MostPairs).Select(pair => $"{pair.Ancestor} beside {pair.Revision}, which comes after it"))}{(pairs.Count > MostPairs ? $"; and {pairs.Count - MostPairs} more" : "")} (overlapping heads)",
            $"see which of them the schema is at, and remove the other's row from the version table: {pairs[0].Revision} where its migrations aren't in the schema, else {pairs[0].Ancestor}; `alembic upgrade` refuses both together");
    }

    // A row and another one that it follows or depends on.
    private static IEnumerable<(string Revision, string Ancestor)> Overlaps(IReadOnlyList<string> rows, RevisionGraph history)
    {
        foreach (var row in rows.Where(history.Contains))
        {
            var before = history.AncestorsAndSelf([row]);
            foreach (var other in rows.Where(other => other != row && before.Contains(other)))
                yield return (row, other);
        }
    }

    private static string Names(IEnumerable<string> rows) => rows.ToList() is { Count: > 0 } named ? string.Join(", ", named) : "none";
}
