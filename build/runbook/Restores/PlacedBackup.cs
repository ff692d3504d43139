using System.Globalization;
using System.Text.Json.Nodes;
using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>
/// The backup that a restore has put in the database's place, while the database that it made is still the application's. That is told by the database's
/// object identifier, which no renaming changes: the mark of the one that was put aside names it, and so does the run's journal, for when that one was removed.
/// </summary>
/// <param name="Run">The run that put it there.</param>
/// <param name="Dump">The dump's file name.</param>
/// <param name="Sha256">The dump's SHA-256.</param>
public sealed record PlacedBackup(string Run, string Dump, string Sha256)
{
    /// <summary>The release that it was restored for, or null where nobody noted it.</summary>
    public string? Release { get; init; }

    /// <summary>The moment that the dump shows (UTC), where known.</summary>
    public DateTimeOffset? Snapshot { get; init; }

    /// <summary>When it took the database's place (UTC).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The database that it replaced, while that is there; else null.</summary>
    public string? Kept { get; init; }

    /// <summary>Alembic's revisions in it when it took the place; null where the run was ended before it noted them.</summary>
    public IReadOnlyList<string>? Revisions { get; init; }

    /// <summary>Looks whether the application's database is one that a restore made.</summary>
    /// <param name="server">The application's database.</param>
    /// <param name="runs">The deployment's runs, newest first.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PostgresException">The server can't be asked.</exception>
    public static async Task<PlacedBackup?> FindAsync(PostgresServer server, IReadOnlyList<RunRecord> runs, CancellationToken cancellation)
    {
        var maintenance = await MaintenanceDatabase.FindAsync(server, cancellation);
        var name = SqlText.Literal(server.Address.Database);
        return long.TryParse(await maintenance.ScalarAsync($"SELECT oid::bigint FROM pg_database WHERE datname = {name}", cancellation), out var live)
            ? Find(live, await ClusterAsync(maintenance, cancellation), await RestoreState.ReadAsync(maintenance, server.Address.Database, cancellation), runs)
            : null;
    }

    /// <summary>What a run's journal keeps of a swap.</summary>
    /// <param name="swapped">The swap.</param>
    /// <param name="revisions">Alembic's revisions in the database that took the place.</param>
    /// <param name="cluster">The cluster's identifier, or null.</param>
    internal static (string, object?)[] Facts(SwappedDatabase swapped, IReadOnlyList<string> revisions, string? cluster) =>
    [
        ("live", swapped.Database), ("kept", swapped.Kept), ("revisions", revisions), ("by", swapped.Mark.Run), ("dump", swapped.Mark.Dump), ("sha256", swapped.Mark.Sha256),
        ("release", swapped.Mark.Release), ("snapshot", swapped.Mark.Snapshot), ("swappedAt", swapped.Mark.At), ("oid", swapped.Mark.Placed), ("cluster", cluster),
    ];

    /// <summary>Finds it.</summary>
    /// <param name="live">The object identifier of the application's database.</param>
    /// <param name="cluster">The cluster's identifier, or null when it can't be read.</param>
    /// <param name="state">What restores have left beside it.</param>
    /// <param name="runs">The deployment's runs, newest first.</param>
    internal static PlacedBackup? Find(long live, string? cluster, RestoreState state, IReadOnlyList<RunRecord> runs)
    {
        var noted = runs.Where(run => !run.Beside).Select(run => run.Moved).OfType<JsonObject>().FirstOrDefault(moved => Text(moved, "oid") == Number(live));
        if (state.Kept.FirstOrDefault(kept => kept.Mark.Placed == live) is { Mark: { Dump: { } dump, Sha256: { } sha256 } mark } kept)
        {
            return new PlacedBackup(mark.Run, dump, sha256)
            {
                Release = mark.Release, Snapshot = mark.Snapshot, At = mark.At, Kept = kept.Name, Revisions = noted is not null && Text(noted, "by") == mark.Run ? Revisions(noted) : null,
            };
        }
        // Another cluster counts its databases from the beginning again.
        return noted is not null && cluster is not null && Text(noted, "cluster") == cluster && Text(noted, "by") is { } by && Text(noted, "dump") is { } file && Text(noted, "sha256") is { } hash
            ? new PlacedBackup(by, file, hash) { Release = Text(noted, "release"), Snapshot = Time(noted, "snapshot"), At = Time(noted, "swappedAt") ?? default, Revisions = Revisions(noted) }
            : null;

        static IReadOnlyList<string>? Revisions(JsonObject moved) => (moved["revisions"] as JsonArray)?.Select(each => each?.ToString() ?? "").ToList();
    }

    /// <summary>The cluster's identifier; null where the role may not read it.</summary>
    /// <param name="maintenance">The server, on any of its databases.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal static async Task<string?> ClusterAsync(PostgresServer maintenance, CancellationToken cancellation)
    {
        try
        {
            return await maintenance.ScalarAsync("SELECT system_identifier FROM pg_control_system()", cancellation);
        }
        catch (PostgresException)
        {
            return null;
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string? Text(JsonObject line, string name) => line[name]?.ToString();

    private static DateTimeOffset? Time(JsonObject line, string name) =>
        DateTimeOffset.TryParse(Text(line, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime() : null;
}
