using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Rehearsals.Observation;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>
/// Undoes migrations in place, as it was rehearsed: writers stopped, tables that lose data kept in a dump, Alembic run in the newer image (trap 4) by
/// explicit revision (trap 5) under time limits, and the result compared with what the rehearsal ended in.
/// </summary>
/// <param name="context">The run's context.</param>
public sealed class DowngradeStep(RollbackContext context)
{
    private const string KeptName = "before-downgrade.dump";
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    /// <summary>Undoes them.</summary>
    /// <exception cref="RunbookException">It failed; what the database holds now is in the message.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (context is not { Target: { } target, Situation: { } situation, History: { Newer: { } newer } history })
            throw RunbookException.Usage("expected Preflight before DowngradeDatabase, found it left out", "leave --skip Preflight out: it finds the release and judges the gates");
        if (context.Rehearsal is null && !context.Run.DryRun)
            throw RunbookException.Refused("expected a rehearsal before DowngradeDatabase, found it left out", "leave --skip Rehearse out: what isn't rehearsed isn't done to production");
        var plan = DowngradePlanOf.History(history);
        var pin = await PinAsync(newer.Image, cancellation);
        var server = await PostgresServer.OfAsync(context.Deployment, context.Run.Shell, cancellation);

        await ThrowUnlessKeepableAsync(server, cancellation);

        context.BeginChanging(target.PinValue);
        await new AppStop(context).StopAsync(cancellation);
        await new WriterSessions(server, context.Run).QuiesceAsync(Farewell, cancellation);
        var kept = await KeepAsync(server, cancellation);
        try
        {
            foreach (var revision in plan.Arguments)
                await AlembicAsync(pin, "downgrade", revision, cancellation);
        }
        catch (RunbookException exception)
        {
            throw await ExplainedAsync(exception, server, situation.Revisions ?? [], kept, cancellation);
        }
        if (context.Run.DryRun)
            return;
        Moved((await AlembicVersion.ReadAsync(server, cancellation)).Revisions, kept);
        await CompareAsync(server, context.Rehearsal!, cancellation);
        if (context.Rehearsal!.Upgrade is { Succeeded: true })
            context.UndoDatabase = undoing => UpgradeAsync(pin, plan.Back, undoing);
    }

    /// <summary>The tables that a run's downgrade has kept, or null.</summary>
    internal static string? KeptBy(string statePath, string run) =>
        Path.Combine(statePath, "runs", run, KeptName) is var file && File.Exists(file) ? file : null;

    private async Task UpgradeAsync(string pin, IReadOnlyList<string> revisions, CancellationToken cancellation)
    {
        context.Say("  bringing the database back up, as it was rehearsed");
        foreach (var revision in revisions)
            await AlembicAsync(pin, "upgrade", revision, cancellation);
    }

    private async Task<string> PinAsync(string image, CancellationToken cancellation) =>
        (await context.Engine.ImageAsync(image, cancellation))?.PinIn(context.Deployment.Image)
        ?? throw RunbookException.Refused(
            $"expected a tag or a digest of {context.Deployment.Image} for the image {image}, which knows the database's revisions, found none",
            $"give it one, so that Compose can run it: docker tag {image} {context.Deployment.Reference("downgrade")}");

    private async Task AlembicAsync(string pin, string direction, string revision, CancellationToken cancellation)
    {
        var rehearsed = TimeSpan.FromSeconds(context.Rehearsal?.Downgrade?.Seconds ?? 0);
        var limit = TimeSpan.FromSeconds(60) + 5 * rehearsed;
        var command = new Compose(context.Deployment).Under(pin).RunOnce(
            context.Deployment.ServingServices.FirstOrDefault(context.Deployment.Services[0]),
            [$"PGOPTIONS=-c lock_timeout={LockWait.TotalMilliseconds:0} -c statement_timeout={limit.TotalMilliseconds:0}"],
            [.. context.Deployment.AlembicCommand, direction, revision]);
        await context.Run.Shell.ChangeAsync(command, cancellation);
    }

    // What is dropped or overwritten can be looked up afterwards, as it was when nobody wrote any more.
    private async Task<string?> KeepAsync(PostgresServer server, CancellationToken cancellation)
    {
        var losing = Losing();
        if (losing.Count == 0)
            return null;
        var file = Path.Combine(context.Run.Folder!, KeptName);
        var kept = await new TableDump(server, context.Run.Shell).WriteAsync(file, losing, cancellation);
        var without = context.Rehearsal!.Losses.Count(loss => loss.NotKept is not null);
        context.Run.Result.Kept.Add(
            $"the tables that lose data, as they were before the downgrade: `{file}` ({string.Join(", ", losing.Select(table => SqlText.Readable(table.Schema, table.Table)))}: {Bytes.Grouped(kept.Sum(table => table.Rows ?? 0))} rows, counted in the dump){(without > 0 ? $"; {without} of the losses are not in it" : "")}");
        return file;
    }

    private List<(string Schema, string Table)> Losing() =>
        [.. (context.Rehearsal?.Losses ?? []).Where(loss => loss.NotKept is null).Select(loss => (loss.Schema, loss.Table)).Distinct()];

    // What was accepted to be lost is what the rehearsal named: whatever came since that no dump can keep wants another look, before anything is stopped.
    private async Task ThrowUnlessKeepableAsync(PostgresServer server, CancellationToken cancellation)
    {
        var named = (context.Rehearsal?.Losses ?? []).Where(loss => loss.NotKept is not null).Select(loss => (loss.Kind, loss.Subject)).ToHashSet();
        var unnamed = (await TableTree.OutsideOfAsync(server, Losing(), cancellation)).Select(LostData.Of).Where(loss => !named.Contains((loss.Kind, loss.Subject))).ToList();
        if (unnamed.Count > 0)
        {
            throw RunbookException.Refused(
                $"expected nothing to be lost but what the rehearsal named, found besides: {string.Join("; ", unnamed.Select(RehearsalText.Loss))}",
                "it came into the database after the backup: run the same command again, so that the rehearsal counts it");
        }
    }

    private void Moved(IReadOnlyList<string> revisions, string? kept)
    {
        context.MovedTo = revisions;
        var unkept = (context.Rehearsal?.Losses ?? []).Where(loss => loss.NotKept is not null).Select(loss => loss.Subject).Distinct().ToList();
        string[] lost = [.. kept is null ? (string[])[] : [$"what the downgrade dropped is only in {kept}"], .. unkept.Count == 0 ? (string[])[] : [$"not kept: {string.Join(", ", unkept)}"]];
        context.DataLost = lost.Length == 0 ? null : string.Join("; ", lost);
        context.Run.Journal.Write("moved", ("revisions", revisions));
    }

    private async Task CompareAsync(PostgresServer server, RehearsalResult rehearsal, CancellationToken cancellation)
    {
        var revisions = context.MovedTo!;
        if (!revisions.ToHashSet(StringComparer.Ordinal).SetEquals(rehearsal.RevisionsAfterDowngrade))
        {
            throw new RunbookException(
                $"expected the database at {string.Join(", ", rehearsal.RevisionsAfterDowngrade)} as in the rehearsal, found it at {string.Join(", ", revisions)}",
                "see alembic_version, and the downgrade's output in the transcript", Outcome.Failed);
        }
        if (rehearsal.SchemaAfterDowngrade is { } expected
            && expected.DifferencesTo(await CatalogSnapshot.ReadAsync(server, cancellation)) is { Count: > 0 } differences)
        {
            throw new RunbookException(
                $"expected the schema that the rehearsal ended in, found {differences.Count} differences: {string.Join("; ", differences.Take(3).Select(difference => difference.Text))}",
                "somebody changed the schema between the backup and the downgrade", Outcome.Failed);
        }
        context.Say($"  the database is at {string.Join(", ", revisions)}, with the schema that the rehearsal ended in");
    }

    // A block of its own may have been committed before the failure (trap 23): what the database holds now is read, never assumed.
    private async Task<RunbookException> ExplainedAsync(RunbookException failure, PostgresServer server, IReadOnlyList<string> before, string? kept, CancellationToken cancellation)
    {
        var revisions = (await AlembicVersion.ReadAsync(server, CancellationToken.None)).Revisions;
        var moved = !revisions.ToHashSet(StringComparer.Ordinal).SetEquals(before);
        if (moved)
            Moved(revisions, kept);
        var holders = moved ? [] : await new WriterSessions(server, context.Run).ListAsync(cancellation);
        return new RunbookException(
            $"the downgrade failed: {failure.Message}; the database is {(moved ? "now" : "still")} at {string.Join(", ", revisions)}{(holders.Count == 0 ? "" : $"; sessions of others: {string.Join(", ", holders)}")}",
            failure.Hint, Outcome.Failed, failure);
    }
}
