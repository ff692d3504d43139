using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>
/// Whether a second database fits beside the application's: a full disk stops PostgreSQL, and with it the application that still serves.
/// </summary>
/// <param name="server">The server, on any database.</param>
internal sealed class RestoreRoom(PostgresServer server)
{
    private const double Growth = 1.1;
    private const long Slack = 16_000_000;
    private const int LikelyRatio = 6;
    private static readonly string[] TemporaryFolders = ["/tmp", "/var/tmp"];

    /// <summary>Checks the room; gives the folder in the container that the dump's copy goes to.</summary>
    /// <param name="live">The application's database.</param>
    /// <param name="dump">The dump's size in bytes.</param>
    /// <param name="database">The size in bytes that the database had when it was dumped, or null.</param>
    /// <param name="reserve">Bytes that stay free.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RunbookException">There isn't enough.</exception>
    public async Task<string> CheckAsync(DatabaseProperties live, long dump, long? database, long reserve, CancellationToken cancellation)
    {
        var folder = live.Folder ?? throw RunbookException.Refused(
            $"expected {server.Address.User} to be able to read where the database's files are (data_directory), found no permission",
            $"GRANT pg_read_all_settings TO {SqlText.Identifier(server.Address.User)}, or use a --database-user that is a superuser");
        // The write-ahead log of the restore is kept until the next checkpoint (manual, 28.5).
        var log = Math.Min(await LogBytesAsync(cancellation), database ?? live.Bytes);
        var content = Restored(dump, database, live.Bytes);
        var data = await VolumeAsync(folder, cancellation)
            ?? throw RunbookException.Refused($"expected `df` in {server.Address.Container} to tell the free room in {folder}, found no answer", $"try it: docker exec {server.Address.Container} df -P -k {folder}");
        if (data.Free < content + log + reserve)
            throw Short(folder, $"a second database of about {Bytes.Readable(content)}, {Bytes.Readable(log)} of write-ahead log", content + log, reserve, data.Free);
        foreach (var temporary in TemporaryFolders)
        {
            if (await VolumeAsync(temporary, cancellation) is not { } volume)
                continue;
            if (volume.Free >= (volume.Mount == data.Mount ? content + log + reserve + dump : dump + Slack))
                return temporary;
        }
        throw Short(string.Join(" or ", TemporaryFolders), $"the dump's copy of {Bytes.Readable(dump)} beside the second database", content + log + dump, reserve, data.Free);
    }

    /// <summary>Bytes that a restored database is likely to take. A dump holds no indexes and is compressed.</summary>
    /// <param name="dump">The dump's size in bytes.</param>
    /// <param name="database">The size in bytes that the database had when it was dumped, or null.</param>
    /// <param name="least">The least that is reckoned with, in bytes, where that isn't known.</param>
    internal static long Restored(long dump, long? database, long least = 0) => (long)(Growth * (database is > 0 ? database.Value : Math.Max(least, dump * LikelyRatio)));

    private Task<ContainerVolume?> VolumeAsync(string folder, CancellationToken cancellation) => ContainerVolume.OfAsync(server.Shell, server.Address.Container, folder, cancellation);

    private async Task<long> LogBytesAsync(CancellationToken cancellation) =>
        long.Parse(await server.ScalarAsync("SELECT setting::bigint * 1024 * 1024 FROM pg_settings WHERE name = 'max_wal_size'", cancellation) ?? "0");

    private RunbookException Short(string where, string what, long needed, long reserve, long free) => RunbookException.Refused(
        $"expected {Bytes.Readable(needed + reserve)} free in {where} of {server.Address.Container} ({what}, and {Bytes.Readable(reserve)} that stay free), found {Bytes.Readable(free)}",
        "make room on the database's disk; databases that an earlier restore kept are listed by `\\l *_before_*` in psql, and are yours to remove");
}
