using Runback.Runbook.Databases;

namespace Runback.Runbook.Restores;

/// <summary>A database other than the application's: nobody can rename the database that he is connected to.</summary>
internal static class MaintenanceDatabase
{
    private static readonly string[] Candidates = ["postgres", "template1"];

    /// <summary>Finds one that takes connections: those that every cluster has from its beginning (<c>initdb</c>).</summary>
    /// <exception cref="PostgresException">There is none.</exception>
    public static async Task<PostgresServer> FindAsync(PostgresServer server, CancellationToken cancellation)
    {
        PostgresException? refused = null;
        foreach (var candidate in Candidates.Where(candidate => candidate != server.Address.Database))
        {
            var there = server.On(candidate);
            try
            {
                await there.ScalarAsync("SELECT 1", cancellation);
                return there;
            }
            catch (PostgresException exception)
            {
                refused ??= exception;
            }
        }
        throw new PostgresException(
            $"expected a database beside {server.Address.Database} to work from ({string.Join(" or ", Candidates)}), found none that lets {server.Address.User} in: {refused!.Message}",
            refused.Hint ?? "make one: CREATE DATABASE postgres", refused.SqlState, refused);
    }
}
