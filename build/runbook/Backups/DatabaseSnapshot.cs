using System.Text.Json;
using Runback.Runbook.Databases;

namespace Runback.Runbook.Backups;

/// <summary>
/// One moment of a database, held by a transaction for as long as this is open: pg_dump dumps exactly that moment, and the rows counted
/// here are those of the dump (PostgreSQL manual, 9.28.5, "Snapshot Synchronization Functions").
/// </summary>
public sealed class DatabaseSnapshot : IAsyncDisposable
{
    private readonly PostgresSession _session;

    private DatabaseSnapshot(PostgresSession session, JsonElement facts, AlembicVersion version, IReadOnlyList<TableRows> tables)
    {
        (_session, Version, Tables) = (session, version, tables);
        Id = facts.GetProperty("snapshot").GetString()!;
        At = facts.GetProperty("at").GetDateTimeOffset().ToUniversalTime();
        ServerVersion = facts.GetProperty("version").GetString()!;
        ServerVersionNumber = int.Parse(facts.GetProperty("number").GetString()!);
        DatabaseBytes = facts.GetProperty("bytes").GetInt64();
        LargeObjects = facts.GetProperty("objects").GetInt64();
        NextTransaction = UnwrittenSince.Parse(facts.GetProperty("transactions").GetString());
        Roles = [.. facts.GetProperty("roles").EnumerateArray().Select(role => role.GetString()!)];
    }

    /// <summary>The name by which pg_dump joins it.</summary>
    public string Id { get; }

    /// <summary>The moment (UTC).</summary>
    public DateTimeOffset At { get; }

    /// <summary>The server's version, such as 17.5.</summary>
    public string ServerVersion { get; }

    /// <summary>The server's version as a number, such as 170005.</summary>
    public int ServerVersionNumber { get; }

    /// <summary>The database's size in bytes, with indexes.</summary>
    public long DatabaseBytes { get; }

    /// <summary>The next transaction id, where no writing transaction is under way; else null.</summary>
    public long? NextTransaction { get; }

    /// <summary>Its large objects.</summary>
    public long LargeObjects { get; }

    /// <summary>The cluster's identifier, or null where the role may not read it.</summary>
    public string? SystemIdentifier { get; private set; }

    /// <summary>The roles of the server that aren't PostgreSQL's own.</summary>
    public IReadOnlyList<string> Roles { get; }

    /// <summary>Alembic's revisions.</summary>
    public AlembicVersion Version { get; }

    /// <summary>The tables, uncounted.</summary>
    public IReadOnlyList<TableRows> Tables { get; }

    /// <summary>Holds the present moment.</summary>
    /// <exception cref="PostgresException">The server can't be reached, or refuses.</exception>
    public static async Task<DatabaseSnapshot> HoldAsync(PostgresServer server, string application, CancellationToken cancellation)
    {
        var session = await server.OpenAsync(application, cancellation);
        try
        {
            // A server's own limits on idle or long transactions must not take the snapshot away from a long dump. Counting leaves the
            // cores to production.
            await session.ExecuteAsync(
                """
                SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '10s'; SET row_security = off;
                SET max_parallel_workers_per_gather = 0;
                BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
                """, cancellation);
            // Nothing here waits for a locked table; pg_table_size() would.
            var facts = await session.QueryAsync(
                """
                SELECT pg_export_snapshot() AS snapshot, txid_current_snapshot()::text AS transactions, now() AS at, current_setting('server_version') AS version,
                       current_setting('server_version_num') AS number, pg_database_size(current_database()) AS bytes,
                       (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata) AS objects,
                       ARRAY(SELECT rolname::text FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' ORDER BY 1) AS roles
                """, cancellation);
            var version = await AlembicVersion.ReadAsync(session, cancellation);
            var tables = await TableRows.ListAsync(session, cancellation);
            var identifier = await TryAsync(session, () => session.ScalarAsync("SELECT system_identifier FROM pg_control_system()", cancellation));
            return new DatabaseSnapshot(session, facts[0], version, tables) { SystemIdentifier = identifier };
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Counts every table, one after the other. A table that can't be counted (somebody waits to change it, or the connection broke)
    /// stays uncounted: a dump without one count is worth more than no dump.
    /// </summary>
    public Task<IReadOnlyList<TableRows>> CountAsync(CancellationToken cancellation) => CountAsync(Tables, cancellation);

    /// <summary>Counts some tables in the same way.</summary>
    internal async Task<IReadOnlyList<TableRows>> CountAsync(IReadOnlyList<TableRows> tables, CancellationToken cancellation)
    {
        _session.Timeout = TimeSpan.FromHours(6);
        var counted = new List<TableRows>();
        foreach (var table in tables)
            counted.Add(_session.Lost ? table : await TryAsync(_session, async () => await table.CountAsync(_session, cancellation)) ?? table);
        return counted;
    }

    /// <summary>Some tables with all that hold their rows, at this moment.</summary>
    internal Task<TableTree> TreeAsync(IReadOnlyCollection<(string Schema, string Table)> tables, CancellationToken cancellation) => TableTree.ReadAsync(_session, tables, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    // A statement that fails ends the transaction, and with it the snapshot, unless a savepoint stands before it.
    private static async Task<T?> TryAsync<T>(PostgresSession session, Func<Task<T?>> ask) where T : class
    {
        try
        {
            await session.ExecuteAsync("SAVEPOINT ask;", CancellationToken.None);
            var answer = await ask();
            await session.ExecuteAsync("RELEASE ask;", CancellationToken.None);
            return answer;
        }
        catch (PostgresException)
        {
            if (!session.Lost)
                await session.ExecuteAsync("ROLLBACK TO ask;", CancellationToken.None);
            return null;
        }
    }
}
