using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.History;

namespace Runback.Runbook.ForwardFixes;

/// <summary>A change of a migration that isn't noted as applied, against what the database holds.</summary>
/// <param name="Revision">The migration.</param>
/// <param name="At">Where it is written.</param>
/// <param name="What">What it does: <c>create index ix_a</c>.</param>
/// <param name="Done">True when the database shows it done.</param>
/// <param name="Todo">What to do about it before the upgrade runs again; null when it needs nothing.</param>
public sealed record ChangeState(string Revision, SourceLine At, string What, bool Done, string? Todo);

/// <summary>
/// A deployment whose migration stopped in the middle (runbook, section 3.3). Alembic notes a revision when it is done; what an
/// <c>autocommit_block</c>, <c>CREATE INDEX CONCURRENTLY</c> or <c>COMMIT</c> did before that stays, noted or not. So both are read: the version table, and
/// what the first migrations that aren't noted would make.
/// </summary>
/// <param name="Noted">The rows of the version table.</param>
/// <param name="Unknown">Those of them that the image doesn't know: then it isn't the image that was being deployed.</param>
/// <param name="Missing">The image's migrations that aren't noted, oldest first.</param>
/// <param name="Changes">What the next ones of them do, each with whether it is done; only what the catalogs can tell.</param>
/// <param name="InvalidIndexes">All indexes whose concurrent building failed halfway; they slow writes and serve no query.</param>
public sealed record InterruptedMigration(
    ValueList<string> Noted, ValueList<string> Unknown, ValueList<string> Missing, ValueList<ChangeState> Changes, ValueList<ObjectName> InvalidIndexes)
{
    /// <summary>True when something of a migration that isn't noted is there already.</summary>
    public bool HalfDone => Changes.Any(change => change.Done);

    /// <summary>True when the upgrade can simply run again.</summary>
    public bool CanRetry => Unknown.Count == 0 && Changes.All(change => change.Todo is null) && InvalidIndexes.Count == 0;

    /// <summary>Compares the image's migrations with the database.</summary>
    /// <param name="graph">The migrations of the image that was being deployed.</param>
    /// <param name="rows">The rows of the database's version table.</param>
    /// <param name="facts">What the database holds.</param>
    public static InterruptedMigration Assess(RevisionGraph graph, IReadOnlyList<string> rows, CatalogFacts facts)
    {
        var applied = graph.AncestorsAndSelf(rows);
        var missing = graph.OldestFirst.Where(script => !applied.Contains(script.Revision)).ToList();
        // Where the history branches, several may have been next.
        var next = missing.Where(script => script.DownRevisions.All(applied.Contains));
        var changes = next.SelectMany(script => UnfinishedChanges.Of(script, facts)).ToValueList();
        return new InterruptedMigration(
            rows.ToValueList(), rows.Where(row => !graph.Contains(row)).ToValueList(), missing.Select(script => script.Revision).ToValueList(), changes,
            facts.Indexes.Where(index => !index.Valid).Select(index => index.Name).ToValueList());
    }

    /// <summary>It in lines for people.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"The database is at {(Noted.Count == 0 ? "no revision" : string.Join(", ", Noted))}.";
        foreach (var row in Unknown)
            yield return $"  {row} is not in the image: it isn't the release whose migration stopped. Name that one.";
        yield return Missing.Count == 0 ? "Every migration of the image is noted as applied." : $"Not applied: {string.Join(", ", Missing)}.";
        if (Changes.Count > 0)
            yield return HalfDone ? $"{Changes.First(change => change.Done).Revision} is half done:" : "Nothing of the next migration is there:";
        foreach (var change in Changes)
        {
            yield return $"  {(change.Done ? "done    " : "not done")}  {change.What} ({change.At})";
            if (change.Todo is { } todo)
                yield return $"      to do: {todo}";
        }
        if (HalfDone && Changes.All(change => change.Done))
            yield return $"All that could be checked of {Changes[0].Revision} is there. If the rest is, too, note it: alembic stamp {Changes[0].Revision}";
        foreach (var index in InvalidIndexes.Where(index => !Changes.Any(change => change.Todo?.Contains(SqlName.Of(index), StringComparison.Ordinal) == true)))
            yield return $"  invalid index {index}: DROP INDEX CONCURRENTLY {SqlName.Of(index)};";
        if (Missing.Count > 0)
            yield return CanRetry ? "The upgrade can run again once the cause is gone." : "Do these first; then the upgrade can run again.";
    }
}
