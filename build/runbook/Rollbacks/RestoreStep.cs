using Runback.Runbook.Databases;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>
/// Puts a backup in the database's place: restored beside it while the application still serves, compared, and swapped by two renames when nobody
/// writes any more (traps 6 and 7). The old database is kept under another name, so that it can be swapped back.
/// </summary>
/// <param name="context">The run's context.</param>
public sealed class RestoreStep(RollbackContext context)
{
    /// <summary>Restores and swaps.</summary>
    /// <exception cref="RunbookException">It failed; the live database is the one that was there.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (context is not { Target: { } target, History: not null })
            throw RunbookException.Usage("expected Preflight before RestoreDatabase, found it left out", "leave --skip Preflight out: it finds the release and judges the gates");
        var server = await PostgresServer.OfAsync(context.Deployment, context.Run.Shell, cancellation);
        var restore = new DatabaseRestore(server, context.Run);
        if (context.Placed is { } placed)
        {
            await GoOnAsync(restore, server, placed, cancellation);
            return;
        }
        var point = context.Point ?? throw RunbookException.Usage("expected a restore point from Preflight, found none", "leave --skip Preflight out: it announces the point");
        var cluster = await PlacedBackup.ClusterAsync(await MaintenanceDatabase.FindAsync(server, cancellation), cancellation);
        var restored = await restore.PrepareAsync(new RestorePlan(point.Backup.File) { Sha256 = point.Sha256, Release = target.Tag }, cancellation);
        context.Discard = context.Run.DryRun ? null : restored.GiveUp;
        context.Say($"  goes back to {point.Backup.File}, taken {point.Backup.At:yyyy-MM-dd HH:mm:ss} UTC, SHA-256 {point.Sha256}, as announced");
        context.BeginChanging(target.PinValue);
        await new AppStop(context).StopAsync(cancellation);
        await new SequenceAdvance(server, context.Run).RunAsync(restored.Name, cancellation);
        var swapped = await restore.SwapAsync(restored, cancellation);
        context.Discard = null;
        context.Say($"  {swapped.Database} is now the backup {Path.GetFileName(point.Backup.File)}; the database as it was is kept as {swapped.Kept} ({swapped.Seconds:0.00} s)");
        Swapped(restore, server, swapped, restored.Revisions ?? [], cluster);
    }

    /// <summary>The backup that a restore leads to.</summary>
    /// <exception cref="RunbookException">None fits.</exception>
    internal static RestorePoint Choose(RollbackRequest request, Deployments.Deployment deployment, ReleaseHistory history) =>
        RestorePoint.Choose(request.Point, deployment.BackupPath, deployment.Database, revisions => StrategyChoices.Fits(revisions, history));

    /// <summary>Notes what an earlier run has put in the database's place, and what that one kept.</summary>
    /// <param name="placed">The backup.</param>
    /// <param name="counts">Whether the rows that it gave up are counted once what runs is verified: that run didn't come to it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    internal async Task<SwappedDatabase?> TellPlacedAsync(PlacedBackup placed, bool counts, CancellationToken cancellation)
    {
        context.Run.Result.RestorePoint = RestorePointRecord.Of(placed);
        var server = await PostgresServer.OfAsync(context.Deployment, context.Run.Shell, cancellation);
        if (await new DatabaseRestore(server, context.Run).FindAsync(placed.Run, cancellation) is not { } swapped)
            return null;
        context.Run.Result.Kept.Add(swapped.KeptNote);
        if (counts && !context.Run.DryRun)
            context.WhenVerified = counting => TellAsync(server, swapped, counting);
        return swapped;
    }

    // A run that ended after the swap, in whatever way, has done this part: what remains is the cutover.
    private async Task GoOnAsync(DatabaseRestore restore, PostgresServer server, PlacedBackup placed, CancellationToken cancellation)
    {
        var revisions = (await AlembicVersion.ReadAsync(server, cancellation)).Revisions;
        context.Say($"  the run {placed.Run} had put {placed.Dump} in the database's place already{(placed.Kept is { } kept ? $"; the database as it was is kept as {kept}" : ", and the database as it was is gone")}");
        if (await TellPlacedAsync(placed, counts: true, cancellation) is { } swapped)
            Swapped(restore, server, swapped, revisions, await PlacedBackup.ClusterAsync(await MaintenanceDatabase.FindAsync(server, cancellation), cancellation));
        else
            context.MovedTo = revisions;
    }

    private void Swapped(DatabaseRestore restore, PostgresServer server, SwappedDatabase swapped, IReadOnlyList<string> revisions, string? cluster)
    {
        context.MovedTo = revisions;
        context.PutAside = swapped.Kept;
        context.UndoDatabase = async undoing =>
        {
            await restore.SwapBackAsync(swapped, undoing);
            context.Run.Result.Kept.Remove(swapped.KeptNote);
            context.Run.Result.Kept.Add(swapped.AsideNote);
        };
        context.Run.Journal.Write("moved", PlacedBackup.Facts(swapped, revisions, cluster));
        if (!context.Run.Result.Kept.Contains(swapped.KeptNote))
            context.Run.Result.Kept.Add(swapped.KeptNote);
        // Counting takes time that clients needn't wait for.
        context.WhenVerified = context.Run.DryRun ? null : counting => TellAsync(server, swapped, counting);
    }

    private async Task TellAsync(PostgresServer server, SwappedDatabase swapped, CancellationToken cancellation)
    {
        var since = await RowsSince.CompareAsync(server, swapped, cancellation);
        context.Run.Result.RowsSince = since;
        foreach (var line in RowsSinceText.Lines(since))
            context.Say("  " + line);
    }
}
