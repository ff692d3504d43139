using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.History;

/// <summary>How a database stands to a release's migrations.</summary>
public enum PathKind
{
    /// <summary>The database has exactly the release's migrations.</summary>
    Same,

    /// <summary>The database has all of the release's migrations and more: the path.</summary>
    Ahead,

    /// <summary>The release has migrations that the database doesn't: it is the newer one.</summary>
    Behind,

    /// <summary>Each has migrations that the other doesn't.</summary>
    Diverged,

    /// <summary>The database has a revision that neither release knows.</summary>
    UnknownRevision,
}

/// <summary>The way between what a database holds and what a release expects.</summary>
/// <param name="Kind">How they stand to each other.</param>
/// <param name="Path">The migrations that are in the database and not in the release, newest first.</param>
/// <param name="Missing">The release's migrations that aren't in the database, oldest first.</param>
/// <param name="Unknown">The database's revisions that no file has.</param>
public sealed record RevisionPath(
    PathKind Kind, IReadOnlyList<MigrationScript> Path, IReadOnlyList<MigrationScript> Missing, IReadOnlyList<string> Unknown)
{
    /// <summary>Finds the way from a database to a release.</summary>
    /// <param name="rows">The rows of the database's version table: one for each head of what was applied, none before the first migration.</param>
    /// <param name="running">The migrations of the release that the database was migrated with.</param>
    /// <param name="target">The migrations of the release to go to.</param>
    public static RevisionPath Find(IReadOnlyList<string> rows, RevisionGraph running, RevisionGraph target)
    {
        string[] unknown = [.. rows.Where(row => !running.Contains(row) && !target.Contains(row))];
        var applied = running.AncestorsAndSelf(rows);
        applied.UnionWith(target.AncestorsAndSelf(rows));
        MigrationScript[] path = [.. running.NewestFirst.Where(script => applied.Contains(script.Revision) && !target.Contains(script.Revision))];
        MigrationScript[] missing = [.. target.OldestFirst.Where(script => !applied.Contains(script.Revision))];
        var kind = (unknown.Length, path.Length, missing.Length) switch
        {
            (> 0, _, _) => PathKind.UnknownRevision,
            (_, 0, 0) => PathKind.Same,
            (_, _, 0) => PathKind.Ahead,
            (_, 0, _) => PathKind.Behind,
            _ => PathKind.Diverged,
        };
        return new RevisionPath(kind, path, missing, unknown);
    }
}
