using Runback.Runbook.Databases;

namespace Runback.Runbook.Restores;

/// <summary>A database that Runback made or set aside.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Mark">What its comment says.</param>
public sealed record MarkedDatabase(string Name, DatabaseMark Mark);

/// <summary>
/// Where the restores of a database are, from the catalogs alone. A restore passes these states, and a run that is killed leaves one of them:
/// <list type="bullet">
/// <item>nothing marked: it didn't begin, or was cleaned up. Begin.</item>
/// <item><c>_restore_</c> marked <see cref="RestoreStage.Restoring"/> or <see cref="RestoreStage.Ready"/>: the application's database is
/// untouched. The leftover is removed (<see cref="RestoreLeftovers"/>) and the restore begins again.</item>
/// <item><c>_before_</c> marked <see cref="RestoreStage.Before"/>: the swap is done, whole, as both names, the marks and the limits change in one
/// transaction. What follows is the cutover to the release that fits; or <see cref="DatabaseRestore.SwapBackAsync"/>.</item>
/// <item><c>_restored_</c> marked <see cref="RestoreStage.Returned"/>: the way back is done, whole. The application's database is the one before.</item>
/// </list>
/// Between CREATE DATABASE and its mark there is a moment; a database that was left there is only named (<see cref="Unmarked"/>), never removed.
/// </summary>
/// <param name="Database">The application's database.</param>
/// <param name="Exists">Whether there is a database of that name.</param>
/// <param name="Marked">The databases that belong to it, newest first.</param>
/// <param name="Unmarked">Databases that are called like a restore's and have no mark.</param>
public sealed record RestoreState(string Database, bool Exists, IReadOnlyList<MarkedDatabase> Marked, IReadOnlyList<string> Unmarked)
{
    private const string LikeRun = "yyyyMMddTHHmmssZ-0000";

    /// <summary>Reads it.</summary>
    /// <param name="server">The application's database, which needs not exist.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<RestoreState> ReadAsync(PostgresServer server, CancellationToken cancellation) =>
        await ReadAsync(await MaintenanceDatabase.FindAsync(server, cancellation), server.Address.Database, cancellation);

    /// <summary>How far a run's restore is; null when it has none.</summary>
    public RestoreStage? StageOf(string run) => Of(run)?.Mark.Stage;

    /// <summary>The database that a run made or set aside, or null.</summary>
    public MarkedDatabase? Of(string run) => Marked.Where(each => each.Mark.Run == run).OrderByDescending(each => each.Mark.Stage).FirstOrDefault();

    /// <summary>The databases that a swap set aside and that are still there, newest first: each can come back.</summary>
    public IEnumerable<MarkedDatabase> Kept => Marked.Where(each => each.Mark.Stage == RestoreStage.Before);

    internal static async Task<RestoreState> ReadAsync(PostgresServer maintenance, string database, CancellationToken cancellation)
    {
        var rows = await maintenance.QueryAsync("SELECT datname AS name, shobj_description(oid, 'pg_database') AS comment FROM pg_database ORDER BY 1", cancellation);
        var all = rows.Select(row => (Name: row.GetProperty("name").GetString()!, Mark: DatabaseMark.Parse(row.GetProperty("comment").GetString()))).ToList();
        // The beginning of a scratch database's name, whatever the run: a long name is cut by as much as a run's id takes.
        var like = RestoreNames.Scratch(database, LikeRun)[..^LikeRun.Length];
        return new RestoreState(
            database,
            all.Any(each => each.Name == database),
            [.. all.Where(each => each.Mark is { } mark && mark.Database == database && Belongs(each.Name, mark)).Select(each => new MarkedDatabase(each.Name, each.Mark!))
                .OrderByDescending(each => each.Mark.At)],
            [.. all.Where(each => each.Mark is null && each.Name.StartsWith(like, StringComparison.Ordinal)).Select(each => each.Name)]);
    }

    // A mark counts only under the name that Runback itself gave: one that a person renamed is the person's.
    private static bool Belongs(string name, DatabaseMark mark) => name == mark.Stage switch
    {
        RestoreStage.Restoring or RestoreStage.Ready => RestoreNames.Scratch(mark.Database, mark.Run),
        RestoreStage.Before => RestoreNames.Before(mark.Database, mark.Run),
        _ => RestoreNames.Returned(mark.Database, mark.Run),
    };
}
