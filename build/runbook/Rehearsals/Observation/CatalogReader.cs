using Runback.Runbook.Databases;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Reads a snapshot.</summary>
internal static class CatalogReader
{
    public static async Task<CatalogSnapshot> ReadAsync(SqlClient client, CancellationToken cancellation)
    {
        await client.ScalarAsync("SELECT 1", cancellation);
        return new CatalogSnapshot([]);
    }
}
