using Runback.Runbook.Backups;
using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills.Beside;

/// <summary>
/// Whether a copy fits beside the deployment, asked before anything of it is made: a drill that fills the disk is what stops production. A real rollback's
/// own checks ask again in the copy.
/// </summary>
/// <param name="original">The deployment.</param>
/// <param name="shell">Runs <c>df</c> in its database's container.</param>
internal sealed class DrillRoom(Deployment original, Shell shell)
{
    private const long Reserve = 256_000_000;

    /// <summary>Bytes that the copy's database takes where the engine keeps its containers: the database, and the dump that it is restored from.</summary>
    /// <param name="dump">The dump's size in bytes.</param>
    /// <param name="database">The size in bytes that the database had when it was dumped, or null.</param>
    internal static long OnEngine(long dump, long? database) => RestoreRoom.Restored(dump, database) + dump;

    /// <summary>Bytes that the copy takes beside the deployment: the backup that its rollback takes.</summary>
    /// <param name="dump">The dump's size in bytes.</param>
    internal static long OnHost(long dump) => dump + dump / 10;

    /// <summary>Checks both.</summary>
    /// <param name="container">The deployment's database container, whose own layer is on the engine's disk.</param>
    /// <param name="backup">The backup that the copy begins with.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RunbookException">There isn't enough room. Nothing was made.</exception>
    public async Task CheckAsync(string container, Backup backup, CancellationToken cancellation)
    {
        var free = new DriveInfo(original.Directory).AvailableFreeSpace;
        if (free < OnHost(backup.Bytes) + Reserve)
            throw Short(original.Directory, "the backup that is taken of the copy", OnHost(backup.Bytes), free);
        var needed = OnEngine(backup.Bytes, backup.Facts?.DatabaseBytes);
        // A container without df tells nothing; the copy's own server is asked before its database is filled.
        if (await ContainerVolume.OfAsync(shell, container, "/", cancellation) is { } volume && volume.Free < needed + Reserve)
            throw Short("the place where the engine keeps its containers", "the copy's database and its dump", needed, volume.Free);
    }

    private static RunbookException Short(string where, string what, long needed, long free) => RunbookException.Refused(
        $"expected {Bytes.Readable(needed + Reserve)} free in {where} ({what} {Bytes.Readable(needed)}, and {Bytes.Readable(Reserve)} that stay free), found {Bytes.Readable(free)}",
        "make room, or hold the drill with a smaller backup: --backup-file; nothing was made, and the deployment is as it was");
}
