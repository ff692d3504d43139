using System.Diagnostics;
using Runback.Runbook.Backups;
using Runback.Runbook.Cutover;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Migrations.Alembic;
using Runback.Runbook.Processes;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Drills.Beside;

/// <summary>
/// A rollback rehearsed on an isolated copy of a deployment, beside it and on its own engine: the release that runs, on the latest verified backup, rolled back
/// by the very operations that a real rollback uses, measured, held against objectives, and removed. The deployment's lock isn't taken: a drill is never what
/// a real rollback waits for.
/// </summary>
/// <param name="original">The deployment.</param>
/// <param name="request">What is to be shown.</param>
/// <param name="run">The run.</param>
/// <param name="registry">How the registry is reached.</param>
public sealed class BesideDrill(Deployment original, BesideRequest request, Run run, RegistryOptions registry) : IDisposable
{
    private const int Lent = 10;
    private static readonly TimeSpan TellLimit = TimeSpan.FromSeconds(30);
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly EngineApi _engine = new();

    /// <summary>Holds the drill, writes <c>drill.json</c>, <c>traffic.jsonl</c> and the run's report, and adds a line to <c>drills.jsonl</c>.</summary>
    /// <param name="cancellation">Interrupts it: the copy is removed all the same.</param>
    /// <returns>The report, also of a drill that failed.</returns>
    /// <exception cref="RunbookException">It didn't come to the rollback.</exception>
    public async Task<DrillReport> RunAsync(CancellationToken cancellation)
    {
        run.Journal.Write(ReturnPoint.BesideEvent);
        try
        {
            request.Objectives.Check();
            Phase("1/6 reading the deployment");
            var ground = await DrillGround.ReadAsync(original, request, run, registry, cancellation);
            var names = new ApplicationNames(original, ground.Situation.Project);
            run.Secrets.Add(ServiceSecrets.Of(ground.Situation.Project.Services.Values.SelectMany(service => service.Environment)).Where(value => !names.Have(value)));
            Phase($"  {ground.Project} runs {ground.From}; it would be rolled back to {ground.Target.Tag}; the copy begins with {Path.GetFileName(ground.Backup.File)}");
            await new DrillRoom(original, Shell.Quiet).CheckAsync(ground.Situation.Database!.Name, ground.Backup, cancellation);
            await using var alone = await DeploymentLock.AcquireAsync(
                _engine, $"{ground.Project}-drill", ground.Situation.Database!.ImageId, Holder.Of(run.Id, run.Target), cancellation);
            return await BesideAsync(ground, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw await EndedAsync(new RunbookException("the drill was interrupted before its rollback; its copy is removed", "run the same command again: it begins anew"), interrupted: true);
        }
        catch (RunbookException exception) when (run.Result.EndedAt is null)
        {
            throw await EndedAsync(exception, cancellation.IsCancellationRequested);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();

    private async Task<DrillReport> BesideAsync(DrillGround ground, CancellationToken cancellation)
    {
        var removal = new CopyRemoval(original, ground.Project, EngineApi.Shared);
        if ((await removal.RunAsync()).Removed is { Count: > 0 } leftovers)
            Phase($"  removed what a drill that was killed had left: {string.Join(", ", leftovers)}");
        var before = await ProductionState.ReadAsync(original, ground.Project, _engine, cancellation);
        DrillReport report;
        IReadOnlyList<TrafficSample> samples;
        DateTimeOffset startedAt;
        IReadOnlyList<string> left;
        try
        {
            (report, samples, startedAt) = await CopyAsync(ground, cancellation);
        }
        finally
        {
            Phase("6/6 removing the copy");
            left = (await removal.RunAsync()).Left;
            foreach (var one in left)
                run.Narration.Warn($"the drill's copy couldn't be removed: {one}", "the next drill tries again");
            Forget();
        }
        var after = await ProductionState.ReadAsync(original, ground.Project, _engine, CancellationToken.None);
        report = report with
        {
            Backup = run.Result.Backup,
            Production = [before, after],
            Differences = [.. after.DifferencesFrom(before), .. left.Select(one => $"the copy's {one} is left")],
            Missed = request.Objectives.Missed(report.RollbackSeconds, report.Source!.AgeSeconds, report.Traffic.OutageSeconds),
        };
        report = Judged(report with { Untouched = report.Differences.Count == 0 }, cancellation.IsCancellationRequested);
        if (report.Outcome == Outcome.Failed)
            await TellAsync();
        return Keep(report, samples, startedAt);
    }

    private async Task<(DrillReport Report, IReadOnlyList<TrafficSample> Samples, DateTimeOffset StartedAt)> CopyAsync(DrillGround ground, CancellationToken cancellation)
    {
        Phase("2/6 copying it: no published port, no way out, no workers, no volume of its own");
        var copy = await DrillCopy.WriteAsync(original, ground.Situation.Project, ground.Pin, run, cancellation);
        foreach (var note in copy.Notes)
            Phase("  " + note);
        await LendBackupsAsync(copy.Deployment, cancellation);
        Phase($"3/6 restoring {Path.GetFileName(ground.Backup.File)} into its database");
        var database = new CopiedDatabase(copy.Deployment, ground.Situation.Project.Service(original.DatabaseService), run);
        var server = await database.StartAsync(request.DatabaseLimit, cancellation);
        var content = await database.RestoreAsync(server, await PostgresServer.OfAsync(original, Shell.Quiet, cancellation), ground.Backup, cancellation);
        await MigrateAsync(copy.Deployment, ground.Situation.Revisions, content.Revisions, cancellation);

        Phase($"4/6 starting {ground.From} on it");
        var service = copy.Deployment.Services[0];
        var relay = new ContainerRelay(EngineApi.Shared, server.Address.Container, service, ServicePort.Of(original, ground.Situation.Project.Service(service), ground.Running));
        await StartAsync(copy.Deployment, ground, relay, cancellation);
        return await MeasureAsync(copy.Deployment, ground, relay, cancellation);
    }

    // A restore chooses among the original's backups, and the page of choices tells of them. Where their disk allows it they are the same bytes under
    // another name, since nobody writes into a dump; they are copied only for a restore.
    private async Task LendBackupsAsync(Deployment copy, CancellationToken cancellation)
    {
        foreach (var backup in BackupCatalog.List(original.BackupPath, original.Database).Where(backup => backup.Facts?.Verified is not null).Take(Lent))
        {
            foreach (var file in (string[])[backup.File, ChecksumFile.PathOf(backup.File), BackupFacts.PathOf(backup.File)])
            {
                var lent = Path.Combine(copy.BackupPath, Path.GetFileName(file));
                var linked = !OperatingSystem.IsWindows() && (await run.Shell.TryAsync(new Command("ln", file, lent), cancellation)).Succeeded;
                if (!linked && request.Rollback.Strategy == Strategy.Restore)
                    File.Copy(file, lent);
            }
        }
    }

    // A backup from before the last deploy lacks that deploy's migrations: they are run as the deploy has run them.
    private async Task MigrateAsync(Deployment copy, IReadOnlyList<string>? wanted, IReadOnlyList<string>? restored, CancellationToken cancellation)
    {
        if (wanted is null || wanted.ToHashSet(StringComparer.Ordinal).SetEquals(restored ?? []))
            return;
        Phase($"  the backup is at {string.Join(", ", restored ?? [])}, the deployment at {string.Join(", ", wanted)}: migrating the copy");
        if (wanted.FirstOrDefault(revision => !Identifiers.IsName(revision)) is { } odd)
            throw RunbookException.Refused($"expected revisions that Alembic can be asked for, found `{Narration.Printable(odd)}`", "look at the version table");
        foreach (var revision in wanted)
            await run.Shell.ChangeAsync(new Compose(copy).RunOnce(copy.Services[0], [], [.. copy.AlembicCommand, "upgrade", revision]), cancellation);
    }

    private async Task StartAsync(Deployment copy, DrillGround ground, ContainerRelay relay, CancellationToken cancellation)
    {
        await new AppCutover(copy, _engine, run).SwitchAsync(
            copy.ProjectName!, ground.Running.Id, CutoverMode.Recreate, new WorkerDrain(copy, _engine, run), request.Rollback.HealthLimit, cancellation);
        await using (var verification = Operation(copy, request.Rollback with { Tag = null }, relay))
            await verification.StepAsync("VerifyCopy", verification.VerifyAsync, cancellation);
        // The result is about the rollback from here on.
        run.Result.Checks.Clear();
        run.Result.LogChanges = null;
    }

    private async Task<(DrillReport Report, IReadOnlyList<TrafficSample> Samples, DateTimeOffset StartedAt)> MeasureAsync(
        Deployment copy, DrillGround ground, ContainerRelay relay, CancellationToken cancellation)
    {
        var earlier = run.Result.Steps.Count;
        var before = await RowsAsync(copy, cancellation);
        Phase($"5/6 rolling the copy back to {ground.Target.Tag}, under {request.PerSecond:0.#} reading requests a second");
        using var way = new SharedWay(relay.ConnectAsync);
        var options = new TrafficOptions { PerSecond = request.PerSecond, Connect = way.ConnectAsync };
        await using var traffic = Traffic.Start(copy.BaseUrl, Reading(copy), options, run.Narration.Say);
        TimeSpan? cutover = null;
        var seconds = 0.0;
        try
        {
            await Task.Delay(request.Margin, cancellation);
            var start = Stopwatch.GetTimestamp();
            await using (var rollback = Operation(copy, request.Rollback, relay))
            {
                // Nobody goes back on a copy that was interrupted: it is removed.
                await new RunbookSequence(rollback).RunAsync(() => cutover = traffic.Elapsed, () => cancellation, cancellation);
                seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3);
            }
            await Task.Delay(request.Margin, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            run.Narration.Say("interrupted: the traffic ends");
        }
        var samples = await traffic.StopAsync();
        var report = new DrillReport
        {
            Run = run.Id,
            StartedAt = run.Result.StartedAt,
            From = ground.From,
            To = ground.Target.Tag,
            Runs = await RunningAsync(copy),
            Traffic = TrafficMeasure.Of(samples, traffic.StartedAt, traffic.LeftOut, cutover),
            RollbackSeconds = seconds,
            Steps = [.. run.Result.Steps.Skip(earlier)],
            Rows = cancellation.IsCancellationRequested ? [] : TableChange.Between(before, await RowsAsync(copy, cancellation)),
            Folder = run.Folder,
            Beside = copy.ProjectName,
            Source = new DrillSource(ground.Backup.File, ground.TakenAt, Math.Round((run.Result.StartedAt - ground.TakenAt).TotalSeconds, 1)),
            Objectives = request.Objectives,
        };
        return (report, samples, traffic.StartedAt);
    }

    private RollbackOperation Operation(Deployment copy, RollbackRequest asked, ContainerRelay relay) =>
        new(copy, asked with { BackupFile = null, BackupCommand = null, Output = null, Yes = true }, run, registry, new HttpProbe(relay.ConnectAsync));

    // Nothing is known of what an application's writes do: the copy is only read.
    private Workload Reading(Deployment copy)
    {
        string[] paths = [copy.HealthPath, .. request.Rollback.SmokeRequests.Where(smoke => smoke.Method == HttpMethod.Get && smoke.Status is null or (>= 200 and < 300)).Select(smoke => smoke.Path)];
        return new Workload(number => new TrafficRequest(paths[number % paths.Length]));
    }

    // What was kept, and the backup that was taken, were the copy's, and are gone with it.
    private void Forget()
    {
        run.Result.Kept.Clear();
        if (run.Result.Backup is { } backup)
            run.Result.Backup = backup with { File = Path.GetFileName(backup.File) };
        if (run.Folder is { } folder && Pin.KeptFolder(folder) is var kept && Directory.Exists(kept))
            Directory.Delete(kept, recursive: true);
    }

    private DrillReport Judged(DrillReport report, bool interrupted)
    {
        var (outcome, summary, hint) =
            report.Differences.Count > 0 ? (Outcome.Failed, $"{original.Directory} isn't as it was before the drill: {string.Join("; ", report.Differences)}", "see who changed it; the report has what was found before and after")
            : interrupted ? (Outcome.Error, "the drill was interrupted; its copy is removed, and the deployment as it was", "run the same command again: it begins anew")
            : run.Result.Outcome != Outcome.Done ? (Outcome.Failed, $"the copy couldn't be rolled back: {run.Result.Summary}", run.Result.Hint)
            : !report.Traffic.Recovered ? (Outcome.Failed, $"the copy wasn't served any more after its rollback to {report.To}", "see the report's steps and checks")
            : report.Missed.Count > 0 ? (Outcome.Failed, $"missed: {string.Join("; ", report.Missed)}", "see which step took the time; the objectives are in the profile")
            : (Outcome.Done, null, (string?)null);
        (run.Result.Outcome, run.Result.Summary, run.Result.Hint) = (outcome, summary, hint);
        return report with { Outcome = outcome, Summary = summary, Hint = hint, TotalSeconds = Math.Round(Stopwatch.GetElapsedTime(_began).TotalSeconds, 3) };
    }

    private DrillReport Keep(DrillReport report, IReadOnlyList<TrafficSample> samples, DateTimeOffset startedAt)
    {
        DrillFiles.Write(report, samples, startedAt, run);
        DrillLog.Of(original).Append(run.Secrets.Mask(report.ToLine()));
        run.End();
        return report;
    }

    private async Task<RunbookException> EndedAsync(RunbookException exception, bool interrupted = false)
    {
        (run.Result.Outcome, run.Result.Summary, run.Result.Hint) = (exception.Outcome, exception.Message, exception.Hint);
        // A drill that can't be held is one that nobody holds any more: the schedule would go on in silence.
        if (!interrupted && exception.Outcome is not (Outcome.Usage or Outcome.Locked))
            await TellAsync();
        run.End();
        return exception;
    }

    private async Task TellAsync()
    {
        using var patience = new CancellationTokenSource(TellLimit);
        if (request.WhenFailed is { } tell)
            await tell(original.ProjectName ?? Path.GetFileName(original.Directory), patience.Token);
    }

    private static async Task<IReadOnlyList<TableRows>> RowsAsync(Deployment copy, CancellationToken cancellation)
    {
        var server = (await PostgresServer.OfAsync(copy, Shell.Quiet, cancellation)).Within(TimeSpan.FromMinutes(10));
        var counted = new List<TableRows>();
        foreach (var table in await TableRows.ListAsync(server, cancellation))
            counted.Add(await table.CountAsync(server, cancellation));
        return counted;
    }

    private static async Task<string?> RunningAsync(Deployment copy) => (await RunningReleaseReader.ReadAsync(copy, Shell.Quiet, CancellationToken.None)).Tag;

    private void Phase(string line) => run.Narration.Say(line);
}
