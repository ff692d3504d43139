using Runback.Runbook.Databases;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>
/// Records what migrations do to a scratch database: event triggers (PostgreSQL manual, chapter 38) and a trigger on Alembic's version table
/// write into a schema of its own. Never installed in production.
/// </summary>
/// <param name="server">The scratch database, as a superuser.</param>
public sealed class MigrationRecorder(PostgresServer server)
{
    /// <summary>The schema that holds the recorder.</summary>
    public const string Schema = "runback_observation";

    internal const string Application = "runback-recorder";

    // A backend reports its statistics when it ends; before PostgreSQL 15 a collector then takes up to half a second (manual, 28.2.2).
    private static readonly TimeSpan SessionsEnd = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Collected = TimeSpan.FromSeconds(1);

    /// <summary>Alembic's version table.</summary>
    public string VersionTable { get; init; } = AlembicVersion.UsualTable;

    /// <summary>
    /// How long reading the tables' content may take, smallest first, before and again after. Where it isn't read, whether an update
    /// changed old columns stays unknown.
    /// </summary>
    public TimeSpan CompareWithin { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Begins to record; what an earlier recorder left is removed first.</summary>
    /// <exception cref="PostgresException">The server can't be reached, or the role isn't a superuser.</exception>
    public async Task InstallAsync(CancellationToken cancellation)
    {
        await using var session = await OpenAsync(cancellation);
        await SettleAsync(session, cancellation);
        await session.ExecuteAsync(RecorderSql.Remove, cancellation);
        await session.ExecuteAsync(RecorderSql.Tables, cancellation);
        await session.ExecuteAsync(RecorderSql.Baseline, cancellation);
        await new RecordedRows(session).NoteAsync(VersionTable, CompareWithin, cancellation);
        await session.ExecuteAsync("SET statement_timeout = 0;", cancellation);
        await session.ExecuteAsync(RecorderSql.Triggers(VersionTable), cancellation);
    }

    /// <summary>What was recorded since. The migrating sessions have ended.</summary>
    /// <exception cref="PostgresException">The server can't be reached, or nothing is installed.</exception>
    public async Task<ObservedMigration> ReadAsync(CancellationToken cancellation)
    {
        await using var session = await OpenAsync(cancellation);
        await SettleAsync(session, cancellation);
        return await new RecordReader(session).ReadAsync(VersionTable, CompareWithin, cancellation);
    }

    /// <summary>Removes the recorder; the database is as the migrations left it.</summary>
    /// <exception cref="PostgresException">The server can't be reached.</exception>
    public async Task RemoveAsync(CancellationToken cancellation)
    {
        await using var session = await OpenAsync(cancellation);
        await session.ExecuteAsync(RecorderSql.Remove, cancellation);
    }

    private async Task<PostgresSession> OpenAsync(CancellationToken cancellation)
    {
        var session = await server.OpenAsync(Application, cancellation);
        await session.ExecuteAsync("SET search_path = pg_catalog; SET statement_timeout = 0; SET lock_timeout = '10s'; SET row_security = off;", cancellation);
        return session;
    }

    private static async Task SettleAsync(PostgresSession session, CancellationToken cancellation)
    {
        var patience = new TableContent.Budget(SessionsEnd);
        while (patience.Left > TimeSpan.Zero
            && await session.ScalarAsync(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> 'runback'
                """, cancellation) != "0")
            await Task.Delay(50, cancellation);
        if (int.Parse((await session.ScalarAsync("SELECT current_setting('server_version_num')", cancellation))!) < 150000)
            await Task.Delay(Collected, cancellation);
    }
}
