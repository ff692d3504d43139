namespace Runback.Runbook.Migrations.History;

/// <summary>
/// How <c>alembic downgrade</c> takes back what a database has and a target release doesn't. Every argument names a revision: <c>-1</c> is
/// ambiguous with several heads, and <c>base</c> drops a whole schema. A branch that goes while its neighbour stays is named as
/// <c>root@revision</c> (Alembic documentation, "Working with Branches"; what an argument takes along is told by
/// <c>RevisionMap._collect_downgrade_revisions</c>, Alembic 1.13).
/// </summary>
/// <param name="Arguments">One for each <c>alembic downgrade</c>, in order; empty when nothing is to be taken back, null when it can't be done so.</param>
/// <param name="Reason">Why there are no arguments, or null.</param>
/// <param name="Rows">The version table's rows afterwards, sorted; empty when there are no arguments.</param>
public sealed record DowngradePlan(IReadOnlyList<string>? Arguments, string? Reason, IReadOnlyList<string> Rows)
{
    /// <summary>Finds the arguments.</summary>
    /// <param name="newer">The migrations of the image that runs the downgrade: the one that the database was migrated with.</param>
    /// <param name="rows">The rows of the database's version table.</param>
    /// <param name="target">The migrations of the release to go back to.</param>
    public static DowngradePlan Find(RevisionGraph newer, IReadOnlyList<string> rows, RevisionGraph target)
    {
        if (rows.FirstOrDefault(row => !newer.Contains(row)) is { } unknown)
            return Impossible($"the database is at {unknown}, which the newer release has no file for");

        var applied = newer.AncestorsAndSelf(rows);
        var left = applied.Where(revision => !target.Contains(revision)).ToHashSet(StringComparer.Ordinal);
        var arguments = new List<string>();
        // The oldest one left follows only what stays: all that comes after it goes with it.
        while (newer.OldestFirst.FirstOrDefault(script => left.Contains(script.Revision)) is { } root)
        {
            if (root.DownRevisions.Count == 0)
                return Impossible($"{root.Revision} is a first revision ({root.File}): taking it back goes down to base");
            if (Step.Candidates(newer, root, applied).FirstOrDefault(step => step.Taken.Contains(root.Revision) && step.Taken.IsSubsetOf(left)) is not { } step)
                return Impossible($"taking back {root.Revision} would take back what the target keeps as well: {string.Join(", ", Kept(newer, root, applied, left))}");
            arguments.Add(step.Argument);
            applied.ExceptWith(step.Taken);
            left.ExceptWith(step.Taken);
        }

        return new DowngradePlan(arguments, null, newer.RowsOf(applied));
    }

    private static DowngradePlan Impossible(string reason) => new(null, reason, []);

    private static IEnumerable<string> Kept(RevisionGraph newer, Changes.MigrationScript root, HashSet<string> applied, HashSet<string> left) =>
        Step.Candidates(newer, root, applied).SelectMany(step => step.Taken.Except(left, StringComparer.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>One argument with the revisions that it takes back.</summary>
    private sealed record Step(string Argument, HashSet<string> Taken)
    {
        /// <summary>The arguments that may take a revision back: to what it follows, plainly or on its branch alone.</summary>
        public static IEnumerable<Step> Candidates(RevisionGraph graph, Changes.MigrationScript root, HashSet<string> applied)
        {
            foreach (var below in root.DownRevisions)
            {
                string[] children = [.. graph.OldestFirst.Where(script => script.DownRevisions.Contains(below)).Select(script => script.Revision)];
                yield return new Step(below, After(graph, children, applied));
                var branch = Lineage(graph, root.Revision);
                yield return new Step($"{root.Revision}@{below}", After(graph, [.. children.Where(branch.Contains)], applied));
            }
        }

        // What follows or depends on one of these, and is applied.
        private static HashSet<string> After(RevisionGraph graph, string[] roots, HashSet<string> applied)
        {
            var taken = roots.ToHashSet(StringComparer.Ordinal);
            foreach (var script in graph.OldestFirst)
            {
                if (graph.ParentsOf(script.Revision).Any(taken.Contains))
                    taken.Add(script.Revision);
            }

            taken.IntersectWith(applied);
            return taken;
        }

        // The revision and all that it follows; dependencies are no part of a branch.
        private static HashSet<string> Lineage(RevisionGraph graph, string revision)
        {
            var lineage = new HashSet<string>(StringComparer.Ordinal) { revision };
            foreach (var script in graph.NewestFirst.Where(script => lineage.Contains(script.Revision)))
                lineage.UnionWith(script.DownRevisions);
            return lineage;
        }
    }
}
