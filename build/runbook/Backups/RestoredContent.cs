using Runback.Runbook.Databases;

namespace Runback.Runbook.Backups;

/// <summary>What a database holds, as far as it can be compared with what a dump's facts say.</summary>
/// <param name="Tables">Its tables, counted.</param>
/// <param name="Revisions">Alembic's revisions; null when there is no such table.</param>
/// <param name="LargeObjects">Its large objects.</param>
public sealed record RestoredContent(IReadOnlyList<TableRows> Tables, IReadOnlyList<string>? Revisions, long LargeObjects)
{
    /// <summary>Reads a database, counting every table.</summary>
    public static async Task<RestoredContent> ReadAsync(PostgresServer server, CancellationToken cancellation)
    {
        await using var session = await server.OpenAsync("runback-count", cancellation);
        session.Timeout = TimeSpan.FromHours(6);
        // The database's own limits are for the application's queries.
        await session.ExecuteAsync("SET statement_timeout = 0;", cancellation);
        var tables = new List<TableRows>();
        foreach (var table in await TableRows.ListAsync(session, cancellation))
            tables.Add(await table.CountAsync(session, cancellation));
        var objects = long.Parse((await session.ScalarAsync("SELECT count(*) FROM pg_catalog.pg_largeobject_metadata", cancellation))!);
        var version = await AlembicVersion.ReadAsync(session, cancellation);
        return new RestoredContent(tables, version.Table is null ? null : version.Revisions, objects);
    }

    /// <summary>Where it differs from what was counted when the dump was taken: one sentence for each difference.</summary>
    public IReadOnlyList<string> DifferencesFrom(BackupFacts facts)
    {
        var differences = new List<string>();
        if (facts.Tables is { } expected)
        {
            var found = Tables.ToDictionary(table => (table.Schema, table.Table));
            foreach (var table in expected)
            {
                if (!found.Remove((table.Schema, table.Table), out var here))
                    differences.Add($"expected the table {table.Name}, found none");
                else if (table.Rows is { } rows && rows != here.Rows)
                    differences.Add($"expected {Bytes.Grouped(rows)} rows in {table.Name} as when the dump was taken, found {Bytes.Grouped(here.Rows!.Value)}");
            }
            differences.AddRange(found.Values.Select(table => $"expected no table {table.Name}, found one"));
            if (!(facts.Revisions ?? []).SequenceEqual(Revisions ?? [], StringComparer.Ordinal))
                differences.Add($"expected the revision {Names(facts.Revisions)}, found {Names(Revisions)}");
        }
        if (facts.LargeObjects is { } objects && objects != LargeObjects)
            differences.Add($"expected {Bytes.Grouped(objects)} large objects, found {Bytes.Grouped(LargeObjects)}");
        return differences;
    }

    private static string Names(IReadOnlyList<string>? revisions) => revisions is null or [] ? "none" : string.Join(", ", revisions);
}
