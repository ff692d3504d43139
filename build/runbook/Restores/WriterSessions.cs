using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>
/// The last check that nobody writes: sessions on the application's database are named, waited for, and ended. The server counts them, so
/// one that nobody thought of (a cron job, a psql left open) is seen as well.
/// </summary>
/// <param name="server">The application's database.</param>
/// <param name="run">The run that asks.</param>
public sealed class WriterSessions(PostgresServer server, Run run)
{
    // Who comes back as often as this has somebody who starts him again.
    private const int Rounds = 5;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    /// <summary>What passes between two looks: half a second, in which somebody who is thrown out comes back.</summary>
    internal Func<CancellationToken, Task> Pause { get; init; } = cancellation => Task.Delay(Between, cancellation);

    /// <summary>The sessions on the database but this program's own question.</summary>
    /// <exception cref="PostgresException">The server can't be reached.</exception>
    public async Task<IReadOnlyList<OpenSession>> ListAsync(CancellationToken cancellation) =>
        await ListAsync(await MaintenanceDatabase.FindAsync(server, cancellation), cancellation);

    /// <summary>Waits until nobody is connected any more; who still is after that time is named and ended.</summary>
    /// <param name="patience">How long to wait before ending sessions.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The sessions that were ended.</returns>
    /// <exception cref="RunbookException">Somebody comes back again and again, or may not be ended.</exception>
    public async Task<IReadOnlyList<OpenSession>> QuiesceAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var maintenance = await MaintenanceDatabase.FindAsync(server, cancellation);
        var open = await WaitAsync(maintenance, patience, cancellation);
        var ended = new List<OpenSession>();
        for (var round = 0; open.Count > 0 && !run.DryRun && round < Rounds; round++)
        {
            foreach (var session in open)
                run.Narration.Say($"  ends {session}");
            ended.AddRange(open);
            var statement = End([server.Address.Database]);
            await run.Shell.ChangeAsync(SqlChange.Pasteable(maintenance, [statement]), () => maintenance.ExecuteAsync(statement + ";", cancellation));
            await Pause(cancellation);
            open = await ListAsync(maintenance, cancellation);
        }
        if (open.Count > 0 && run.DryRun)
            run.Narration.Change(SqlChange.Pasteable(maintenance, [End([server.Address.Database])]));
        else if (open.Count > 0)
        {
            throw new RunbookException(
                $"expected nobody on {server.Address.Database} after its sessions were ended {Rounds} times, found {Names(open)}",
                "stop what connects again (a service, a pool, a scheduled job), then run the same command again");
        }
        return ended;
    }

    /// <summary>The sessions, for a sentence.</summary>
    internal static string Names(IReadOnlyList<OpenSession> sessions) =>
        string.Join("; ", sessions.Take(5)) + (sessions.Count > 5 ? $"; and {sessions.Count - 5} more" : "");

    /// <summary>The statement that ends every session on some databases.</summary>
    internal static string End(IEnumerable<string> databases) =>
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ({string.Join(", ", databases.Select(SqlText.Literal))}) AND pid <> pg_backend_pid()";

    /// <summary>The sessions on the database, asked from another one. The server's own cleaning isn't one: it gives way to everybody.</summary>
    internal async Task<IReadOnlyList<OpenSession>> ListAsync(PostgresServer maintenance, CancellationToken cancellation)
    {
        var rows = await maintenance.QueryAsync(
            $"""
            SELECT pid, usename AS "user", application_name AS application, state, backend_start AS since,
                   CASE WHEN backend_type <> 'client backend' THEN coalesce(backend_type, 'somewhere')
                        ELSE coalesce(host(client_addr), 'local') END AS client
            FROM pg_stat_activity
            WHERE datname = {SqlText.Literal(server.Address.Database)} AND pid <> pg_backend_pid()
              AND coalesce(backend_type, '') NOT IN ('autovacuum worker', 'parallel worker')
            ORDER BY backend_start, pid
            """, cancellation);
        return [.. rows.Select(row => new OpenSession(
            row.GetProperty("pid").GetInt32(), row.GetProperty("user").GetString(), row.GetProperty("application").GetString(), row.GetProperty("client").GetString()!,
            row.GetProperty("state").GetString(),
            row.GetProperty("since") is { ValueKind: System.Text.Json.JsonValueKind.String } since ? since.GetDateTimeOffset().ToUniversalTime() : null))];
    }

    private async Task<IReadOnlyList<OpenSession>> WaitAsync(PostgresServer maintenance, TimeSpan patience, CancellationToken cancellation)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var told = false; ; told = true)
        {
            var open = await ListAsync(maintenance, cancellation);
            if (open.Count == 0 || watch.Elapsed >= patience)
                return open;
            if (!told)
                run.Narration.Say($"  waits up to {patience.TotalSeconds:0.#} s for {Names(open)}");
            await Pause(cancellation);
        }
    }
}
