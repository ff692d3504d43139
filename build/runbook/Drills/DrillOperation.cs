using System.Diagnostics;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills;

/// <summary>
/// A rollback rehearsed on a throw-away stack, under traffic, and measured: a good release is deployed and verified, a bad one deployed over it, and
/// rolled back by the very operations that a real rollback uses.
/// </summary>
/// <param name="deployment">The stack.</param>
/// <param name="request">How the rollback is done; its tag is the plan's.</param>
/// <param name="plan">What is rehearsed.</param>
/// <param name="run">The run.</param>
/// <param name="registry">How the registry is reached.</param>
public sealed class DrillOperation(Deployment deployment, RollbackRequest request, DrillPlan plan, Run run, RegistryOptions registry)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private string? _putAside;

    /// <summary>Holds the drill, writes <c>drill.json</c>, <c>traffic.jsonl</c> and the run's report, and adds a line to <c>drills.jsonl</c>.</summary>
    /// <param name="assured">Gives a fresh token for what must still happen after an interruption.</param>
    /// <param name="cancellation">Interrupts it: the traffic ends, and a rollback under way is settled first.</param>
    /// <returns>The report, also of a drill that failed.</returns>
    /// <exception cref="RunbookException">It didn't come to the rollback.</exception>
    public async Task<DrillReport> RunAsync(Func<CancellationToken> assured, CancellationToken cancellation)
    {
        try
        {
            await PrepareAsync(cancellation);
            var before = await RowsAsync(cancellation);
            Phase($"4/5 traffic on {deployment.BaseUrl}, {plan.Traffic.PerSecond:0} requests a second; rolling back to {plan.Good}");
            await using var traffic = Traffic.Start(deployment.BaseUrl, plan.Workload, plan.Traffic, run.Narration.Say);
            var (seconds, cutover, steps) = await RollBackAsync(traffic, assured, cancellation);
            var samples = await traffic.StopAsync();
            Phase("5/5 counting rows and looking for every acknowledged write");
            var report = await ReportAsync(traffic, samples, before, cancellation.IsCancellationRequested ? assured() : cancellation) with
            {
                RollbackSeconds = seconds,
                Traffic = TrafficMeasure.Of(samples, traffic.StartedAt, traffic.LeftOut, cutover),
                Steps = steps,
            };
            return Keep(Judged(report, cancellation.IsCancellationRequested), samples, traffic.StartedAt);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw Ended(new RunbookException(
                $"the drill was interrupted before its rollback; {await RunningAsync()} runs", "run the same command again: it begins anew"));
        }
        catch (RunbookException exception)
        {
            throw Ended(exception);
        }
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        Phase($"1/5 deploying {plan.Good}, the good release");
        await plan.Deploy(plan.Good, cancellation);
        Phase($"2/5 verifying {plan.Good}, so that it is known to be good");
        await using (var verification = new RollbackOperation(deployment, request with { Tag = null }, run, registry))
            await verification.StepAsync("VerifyGood", verification.VerifyAsync, cancellation);
        // The result is about the rollback from here on.
        run.Result.Checks.Clear();
        run.Result.LogChanges = null;
        if (request.Strategy == Strategy.Restore)
        {
            Phase($"2/5 taking the backup that the restore leads to");
            await using var backup = new RollbackOperation(deployment, request with { Tag = null }, run, registry);
            await backup.StepAsync("BackupOfGood", backup.BackupAsync, cancellation);
        }
        Phase($"3/5 deploying {plan.Bad}, the bad release");
        await plan.Deploy(plan.Bad, cancellation);
    }

    private async Task<(double Seconds, TimeSpan? Cutover, IReadOnlyList<StepRecord> Steps)> RollBackAsync(
        Traffic traffic, Func<CancellationToken> assured, CancellationToken cancellation)
    {
        var earlier = run.Result.Steps.Count;
        TimeSpan? cutover = null;
        var start = 0L;
        var seconds = 0.0;
        try
        {
            await Task.Delay(plan.LeadIn, cancellation);
            start = Stopwatch.GetTimestamp();
            await using (var rollback = new RollbackOperation(deployment, request with { Tag = plan.Good }, run, registry))
            {
                await new RunbookSequence(rollback).RunAsync(() => cutover = traffic.Elapsed, assured, cancellation);
                _putAside = rollback.PutAside;
                seconds = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 3);
            }
            // After an interruption too: whether what was gone back to is served is seen by those who ask for it.
            await Task.Delay(plan.LeadOut, cancellation.IsCancellationRequested ? assured() : cancellation);
        }
        catch (OperationCanceledException)
        {
            // The traffic ends here; what was measured until now is reported.
        }
        if (cancellation.IsCancellationRequested)
            run.Narration.Say("interrupted: the traffic ends");
        return (seconds, cutover, [.. run.Result.Steps.Skip(earlier)]);
    }

    private async Task<DrillReport> ReportAsync(
        Traffic traffic, IReadOnlyList<TrafficSample> samples, IReadOnlyList<TableRows> before, CancellationToken cancellation)
    {
        var report = new DrillReport
        {
            Run = run.Id,
            StartedAt = run.Result.StartedAt,
            From = plan.Bad,
            To = plan.Good,
            Runs = await RunningAsync(),
            Traffic = TrafficMeasure.Of(samples, traffic.StartedAt),
            Backup = run.Result.Backup,
            Folder = run.Folder,
        };
        try
        {
            return report with
            {
                Rows = TableChange.Between(before, await RowsAsync(cancellation)),
                Writes = plan.Workload.StoredKeys is { } select
                    ? WriteProof.Of(samples, await StoredAsync(deployment.Database, select, cancellation), _putAside is null ? [] : await StoredAsync(_putAside, select, cancellation))
                    : null,
            };
        }
        catch (RunbookException exception)
        {
            run.Narration.Warn(exception.Message, exception.Hint);
            return report;
        }
    }

    private DrillReport Judged(DrillReport report, bool interrupted)
    {
        var (outcome, summary, hint) =
            interrupted && WayBack(report) is { } trouble ? (Outcome.Failed, $"the drill was interrupted, and the lab isn't as it was found: {trouble}", "run the same command again: it begins anew")
            : interrupted ? (Outcome.Error, $"the drill was interrupted; {report.Runs} runs and is served", "run the same command again: it begins anew")
            : run.Result.Outcome != Outcome.Done ? (Outcome.Failed, run.Result.Summary, run.Result.Hint)
            : report.Writes is { Lost.Count: > 0 } writes ? (Outcome.Failed, $"{writes.Lost.Count} of {writes.Acknowledged} acknowledged writes are not in the database: {string.Join(", ", writes.Lost.Take(3))}",
                "the restored or renamed database may hold them: look at what the report says was kept")
            : report.Writes is null && plan.Workload.StoredKeys is not null ? (Outcome.Failed, "the acknowledged writes couldn't be looked up in the database", "see that the database's container runs")
            : !report.Traffic.Recovered ? (Outcome.Failed, $"{deployment.BaseUrl} wasn't served when the traffic ended", "look at the proxy: it may have lost the application's address")
            : (Outcome.Done, null, (string?)null);
        run.Result.Outcome = outcome;
        run.Result.Summary = summary;
        run.Result.Hint = hint;
        return report with { Outcome = outcome, Summary = summary, Hint = hint, TotalSeconds = Math.Round(Stopwatch.GetElapsedTime(_began).TotalSeconds, 3) };
    }

    // Why the way back after an interruption didn't lead anywhere, or null.
    private string? WayBack(DrillReport report) =>
        report.Steps.FirstOrDefault(step => step is { Name: "ReturnIfWorse", Outcome: "Failed" })?.Detail
        ?? (report.Traffic.Recovered ? null : $"{deployment.BaseUrl} isn't served");

    private DrillReport Keep(DrillReport report, IReadOnlyList<TrafficSample> samples, DateTimeOffset startedAt)
    {
        // The run's end draws its report and the list of drills, so what was measured is written first.
        DrillFiles.Write(report, samples, startedAt, run);
        DrillLog.Of(deployment).Append(run.Secrets.Mask(report.ToLine()));
        run.End();
        return report;
    }

    private RunbookException Ended(RunbookException exception)
    {
        run.Result.Outcome = exception.Outcome;
        run.Result.Summary = exception.Message;
        run.Result.Hint = exception.Hint;
        run.End();
        return exception;
    }

    private async Task<IReadOnlyList<TableRows>> RowsAsync(CancellationToken cancellation)
    {
        var server = await PostgresServer.OfAsync(deployment, Shell.Quiet, cancellation);
        await using var session = await server.OpenAsync("runback-drill", cancellation);
        session.Timeout = TimeSpan.FromMinutes(10);
        var counted = new List<TableRows>();
        foreach (var table in await TableRows.ListAsync(session, cancellation))
            counted.Add(await table.CountAsync(session, cancellation));
        return counted;
    }

    private async Task<IReadOnlyList<string>> StoredAsync(string database, string select, CancellationToken cancellation)
    {
        var server = (await PostgresServer.OfAsync(deployment, Shell.Quiet, cancellation)).On(database);
        await using var session = await server.OpenAsync("runback-drill", cancellation);
        session.Timeout = TimeSpan.FromMinutes(10);
        return [.. (await session.QueryAsync(select, cancellation)).Select(row => row.GetProperty("key").GetString()!)];
    }

    // What runs is told to a person after everything else ended: it isn't worth another failure.
    private async Task<string> RunningAsync() =>
        (await RunningReleaseReader.ReadAsync(deployment, Shell.Quiet, CancellationToken.None)).Tag ?? "an unknown release";

    private void Phase(string line) => run.Narration.Say(line);
}
