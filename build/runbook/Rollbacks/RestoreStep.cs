using Runback.Runbook.Backups;
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
        if (context is not { Target: { } target, History: { } history })
            throw RunbookException.Usage("expected Preflight before RestoreDatabase, found it left out", "leave --skip Preflight out: it finds the release and judges the gates");
        var point = Point(context, history);
        var server = await PostgresServer.OfAsync(context.Deployment, context.Run.Shell, cancellation);
        var restore = new DatabaseRestore(server, context.Run);
        if (await SwappedBeforeAsync(restore, cancellation) is { } done)
        {
            context.Say($"  the run {done.Mark.Run} had put {done.Mark.Dump} in the database's place already; the database as it was is kept as {done.Kept}");
            Swapped(restore, server, done, (await AlembicVersion.ReadAsync(server, cancellation)).Revisions);
            return;
        }
        var restored = await restore.PrepareAsync(new RestorePlan(point.File) { Sha256 = new BackupStep(context).Known(point.File) }, cancellation);
        context.Discard = context.Run.DryRun ? null : restored.GiveUp;
        context.BeginChanging(target.PinValue);
        await new AppStop(context).StopAsync(cancellation);
        await new SequenceAdvance(server, context.Run).RunAsync(restored.Name, cancellation);
        var swapped = await restore.SwapAsync(restored, cancellation);
        context.Discard = null;
        context.Say($"  {swapped.Database} is now the backup {Path.GetFileName(point.File)}; the database as it was is kept as {swapped.Kept} ({swapped.Seconds:0.00} s)");
        Swapped(restore, server, swapped, restored.Revisions ?? []);
    }

    // A run that was killed after the swap has done this part: what remains is the cutover.
    private async Task<SwappedDatabase?> SwappedBeforeAsync(DatabaseRestore restore, CancellationToken cancellation) =>
        context is { Origin.TakesUp: { } killed, Run.DryRun: false } ? await restore.FindAsync(killed, cancellation) : null;

    private void Swapped(DatabaseRestore restore, PostgresServer server, SwappedDatabase swapped, IReadOnlyList<string> revisions)
    {
        context.MovedTo = revisions;
        context.PutAside = swapped.Kept;
        context.UndoDatabase = async undoing =>
        {
            await restore.SwapBackAsync(swapped, undoing);
            context.Run.Result.Kept.Remove(swapped.KeptNote);
            context.Run.Result.Kept.Add(swapped.AsideNote);
        };
        context.Run.Journal.Write("moved", ("live", swapped.Database), ("kept", swapped.Kept), ("revisions", revisions));
        context.Run.Result.Kept.Add(swapped.KeptNote);
        // Counting takes time that clients needn't wait for.
        context.WhenVerified = context.Run.DryRun ? null : counting => TellAsync(server, swapped, counting);
    }

    /// <summary>The backup that is restored.</summary>
    /// <exception cref="RunbookException">None fits.</exception>
    internal static Backup Point(RollbackContext context, ReleaseHistory history) => RestorePoint.Choose(
        context.Request.Point, context.Deployment.BackupPath, context.Deployment.Database, revisions => StrategyChoices.Fits(revisions, history)).Backup;

    private async Task TellAsync(PostgresServer server, SwappedDatabase swapped, CancellationToken cancellation)
    {
        var since = await RowsSince.CompareAsync(server, swapped, cancellation);
        context.Run.Result.RowsSince = since;
        foreach (var line in RowsSinceText.Lines(since))
            context.Say("  " + line);
    }
}
