namespace Runback.Runbook.Migrations.History;

/// <summary>How <c>alembic upgrade</c> brings a database to given rows of its version table, each argument a revision of its own.</summary>
/// <param name="Arguments">One for each <c>alembic upgrade</c>, in order; empty when nothing is missing, null when it can't be done.</param>
/// <param name="Reason">Why there are no arguments, or null.</param>
public sealed record UpgradePlan(IReadOnlyList<string>? Arguments, string? Reason)
{
    /// <summary>Finds the arguments.</summary>
    /// <param name="graph">The migrations of the image that runs the upgrade.</param>
    /// <param name="from">The rows of the version table as it is; none for an empty database.</param>
    /// <param name="rows">The rows to come to.</param>
    public static UpgradePlan Find(RevisionGraph graph, IReadOnlyList<string> from, IReadOnlyList<string> rows)
    {
        if (from.Concat(rows).FirstOrDefault(row => !graph.Contains(row)) is { } unknown)
            return new UpgradePlan(null, $"the image has no file for {unknown}");
        var applied = graph.AncestorsAndSelf(from);
        var wanted = graph.AncestorsAndSelf(rows);
        if (applied.FirstOrDefault(revision => !wanted.Contains(revision)) is { } beyond)
            return new UpgradePlan(null, $"{beyond} is applied already and is no part of {string.Join(", ", rows)}");
        return new UpgradePlan([.. graph.OldestFirst.Select(script => script.Revision).Where(revision => rows.Contains(revision) && !applied.Contains(revision))], null);
    }
}
