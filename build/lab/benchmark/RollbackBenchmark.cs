using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Drills;
using Runback.Runbook.Processes;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;

namespace Runback.Lab.Benchmark;

/// <summary>
/// Measures the runbook by hand against Runback: the same lab, the same bad release freshly deployed before each, the same prober at the proxy, in turn.
/// </summary>
/// <param name="lab">The lab.</param>
/// <param name="deployment">Its deployment, as the tool sees it.</param>
/// <param name="rootDirectory">The folder with <c>build.sh</c>.</param>
/// <param name="options">What is measured.</param>
/// <param name="shell">Runs the lab's commands; its narration gets the progress.</param>
public sealed class RollbackBenchmark(LabOptions lab, Deployment deployment, string rootDirectory, BenchmarkOptions options, Shell shell)
{
    // Fifty a second on the cheapest path: an outage is seen to 20 ms.
    private static readonly TrafficOptions Probing = new() { PerSecond = 50, InFlight = 200, Limit = TimeSpan.FromSeconds(2) };

    /// <summary>Measures everything, and leaves the lab on the good release with a small database.</summary>
    /// <exception cref="RunbookException">The lab couldn't be brought to where a rollback begins.</exception>
    public async Task<BenchmarkReport> RunAsync(CancellationToken cancellation)
    {
        var startedAt = DateTimeOffset.UtcNow;
        var load = Load();
        if (load > Environment.ProcessorCount)
            shell.Narration.Warn($"the machine is busy (load {load:0.0} on {Environment.ProcessorCount} processors): the numbers will be noisy", "run it again when the machine is quiet");
        shell.Narration.Say("start-up: --help, and a target that does nothing");
        var startUp = await StartUp.MeasureAsync(Path.Combine(rootDirectory, "build.sh"), options.IdleTarget, cancellation);
        var sizes = new List<SizeResult>();
        var report = new BenchmarkReport(startedAt, Environment.ProcessorCount, load, startUp, sizes);
        foreach (var megabytes in options.Sizes)
        {
            sizes.Add(await SizeAsync(megabytes, cancellation));
            PrivateFiles.Replace(options.Output, report.ToJson() + "\n");
        }
        shell.Narration.Say("making the lab's database small again");
        await new LabStack(lab with { DataMegabytes = 0 }, shell).DeployAsync(options.Good, reset: true, cancellation);
        return report;
    }

    private async Task<SizeResult> SizeAsync(int megabytes, CancellationToken cancellation)
    {
        shell.Narration.Say($"{megabytes} MB:");
        await new LabStack(lab with { DataMegabytes = megabytes }, shell).DeployAsync(options.Good, reset: true, cancellation);
        // What a restore leads to; by hand it is the oldest dump that there is.
        foreach (var file in options.Strategy == Strategy.Restore ? Dumps() : [])
            File.Delete(file);
        if (options.Strategy == Strategy.Restore)
        {
            var server = await PostgresServer.OfAsync(deployment, Shell.Quiet, cancellation);
            await new DatabaseBackup(server, Shell.Quiet).TakeAsync(new BackupRequest(deployment.BackupPath, "benchmark"), cancellation);
        }
        var pairs = new List<Pair>();
        for (var number = 1; number <= options.Pairs; number++)
        {
            var byHand = await OneAsync(Contestant.ByHand(lab, options.Good, options.Strategy), cancellation);
            Say($"{number}/{options.Pairs} by hand", byHand);
            var runback = await OneAsync(Contestant.Runback(rootDirectory, deployment, options.Good, options.Strategy), cancellation);
            Say($"{number}/{options.Pairs} Runback", runback);
            pairs.Add(new Pair(byHand, runback));
        }
        return new SizeResult(megabytes, pairs);
    }

    private async Task<Measurement> OneAsync(Contestant contestant, CancellationToken cancellation)
    {
        await new LabStack(lab, Shell.Quiet).DeployAsync(options.Bad, reset: false, cancellation);
        var bytes = await SettleAsync(cancellation);
        var earlier = Dumps();
        await using var prober = Traffic.Start(deployment.BaseUrl, new Workload(_ => new TrafficRequest(deployment.HealthPath)), Probing);
        var (result, seconds, peak) = await MeasuredProcess.RunAsync(contestant.Command, cancellation);
        // What comes after the process's end still belongs to it: a container that dies then was left so by it.
        await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        var samples = await prober.StopAsync();
        foreach (var file in Dumps().Except(earlier))
            File.Delete(file);
        var outage = OutageWindow.Of(samples);
        return new Measurement
        {
            Seconds = seconds,
            ExitCode = result.ExitCode,
            Complaint = result.Succeeded ? null : result.Complaint,
            OutageSeconds = outage?.Seconds ?? 0,
            FailedProbes = samples.Count(sample => sample.IsUnserved),
            Probes = samples.Count,
            DatabaseBytes = bytes,
            Steps = contestant.Steps(result.Output),
            PeakBytes = peak,
        };
    }

    // Both begin with the same: what the deploy wrote is on the disk, and nobody starts any more.
    private async Task<long> SettleAsync(CancellationToken cancellation)
    {
        var server = await PostgresServer.OfAsync(deployment, Shell.Quiet, cancellation);
        await server.ExecuteAsync("CHECKPOINT;", cancellation);
        await Task.Delay(options.Calm, cancellation);
        return long.Parse((await server.ScalarAsync("SELECT pg_database_size(current_database())", cancellation))!);
    }

    // Every dump is as large as the next; only those of the benchmark itself are removed.
    private HashSet<string> Dumps() => [.. Directory.EnumerateFiles(deployment.BackupPath, "*.dump*")];

    private void Say(string what, Measurement one) => shell.Narration.Say(
        $"  {what,-12} {one.Seconds,6:0.0} s, outage {one.OutageSeconds:0.00} s, {one.FailedProbes} of {one.Probes} probes failed"
        + (one.Succeeded ? "" : $"; FAILED with exit code {one.ExitCode}: {one.Complaint}"));

    private static double? Load() =>
        File.Exists("/proc/loadavg") && double.TryParse(File.ReadAllText("/proc/loadavg").Split(' ')[0], out var load) ? load : null;
}
