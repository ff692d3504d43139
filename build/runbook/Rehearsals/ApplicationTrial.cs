using System.Diagnostics;
using Runback.Runbook.Backups;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Rehearsals;

/// <summary>Starts a release over the database that is there, asks it what production would ask, and removes it.</summary>
/// <param name="run">The run it belongs to.</param>
/// <param name="engine">The engine.</param>
/// <param name="request">What is rehearsed.</param>
/// <param name="container">How the release is started.</param>
/// <param name="relay">The way to it.</param>
internal sealed class ApplicationTrial(Run run, EngineApi engine, RehearsalRequest request, ServiceContainer container, ContainerRelay relay)
{
    private const int LogLines = 20;
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SmokePatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // The name that clients use, since an application may look at it.
    private readonly Uri _baseUrl = new UriBuilder(request.Deployment.BaseUrl) { Scheme = Uri.UriSchemeHttp, Port = request.Deployment.BaseUrl.Port }.Uri;
    private readonly string _name = ScratchContainer.NewName();
    private readonly List<CheckRecord> _checks = [];

    /// <summary>Tries it.</summary>
    /// <param name="revisions">The revisions that the database holds.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<AppTrial> RunAsync(IReadOnlyList<string> revisions, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        cancellation.ThrowIfCancellationRequested();
        try
        {
            using var probe = new HttpProbe(relay.ConnectAsync);
            // Not to be ended halfway: a container that is made after it was looked for would stay.
            if (await StartAsync() is { } complaint)
                _checks.Add(new CheckRecord("start", false, "the release to start", run.Secrets.Mask(complaint), "the engine refused to start it as its service"));
            else if (await IsHealthyAsync(probe, cancellation))
                await AskAsync(probe, revisions, cancellation);
            var passed = _checks.All(check => check.Passed);
            return new AppTrial(passed, [.. _checks], Math.Round(watch.Elapsed.TotalSeconds, 3)) { Log = passed ? [] : await LogAsync(cancellation) };
        }
        finally
        {
            await ScratchContainer.RemoveAsync(_name);
        }
    }

    private async Task<string?> StartAsync()
    {
        try
        {
            await engine.CreateAsync(container.Describe(_name));
            await engine.StartAsync(_name, CancellationToken.None);
            return null;
        }
        catch (EngineException exception)
        {
            return exception.Said;
        }
    }

    private async Task<bool> IsHealthyAsync(HttpProbe probe, CancellationToken cancellation)
    {
        var url = new Uri(_baseUrl, request.Deployment.HealthPath);
        ProbeResult health;
        Container? state;
        var watch = Stopwatch.StartNew();
        do
        {
            await Task.Delay(Pause, cancellation);
            health = await probe.GetAsync(url, OneAnswer, cancellation);
            state = health.IsSuccess ? null : await engine.ContainerAsync(_name, cancellation);
        }
        while (!health.IsSuccess && state?.IsRunning == true && watch.Elapsed < request.HealthLimit);
        var found = health.IsSuccess ? health.Found
            : state is { IsRunning: true } ? $"{health.Found}, after {watch.Elapsed.TotalSeconds:0} s"
            : $"that it ended with exit code {state?.ExitCode}";
        _checks.Add(new CheckRecord(
            "health", health.IsSuccess, $"{request.Deployment.HealthPath} answers 2xx", found, health.IsSuccess ? null : "its log tells why; --service-port names another port"));
        return health.IsSuccess;
    }

    private async Task AskAsync(HttpProbe probe, IReadOnlyList<string> revisions, CancellationToken cancellation)
    {
        Readiness? readiness = null;
        var ready = false;
        await Patience.UntilAsync(request.HealthLimit, async () =>
        {
            readiness = await Readiness.AskAsync(probe, request.Deployment, _baseUrl, OneAnswer, cancellation);
            ready = TrialReadiness.IsReady(readiness, request.Deployment.WithoutWork, revisions, request.TargetHeads);
            // Without a payload there is nothing to wait for but the process itself.
            return ready || (await engine.ContainerAsync(_name, cancellation))?.IsRunning != true;
        }, cancellation);
        var excused = TrialReadiness.Excused(readiness!, request.Deployment.WithoutWork);
        if (!readiness!.IsNone)
        {
            _checks.Add(new CheckRecord(
                "readiness", ready, $"{request.Deployment.ReadyPath} ready, or unready only for the migrations {string.Join(", ", revisions)}",
                readiness.Found + (excused.Count > 0 ? $" (excused: {string.Join(", ", excused)}, since workers don't run here)" : ""),
                ready ? null : "the payload names the failing check"));
        }
        foreach (var smoke in request.SmokeRequests)
            _checks.Add(await SmokeCheck.AskAsync(smoke, probe, _baseUrl, OneAnswer, SmokePatience, cancellation));
        if (await engine.ContainerAsync(_name, cancellation) is not { IsRunning: true } ended)
            _checks.Add(new CheckRecord("running", false, "the release to keep running", "that it ended", "its log tells why"));
        else
            _checks.Add(new CheckRecord("running", true, "the release keeps running", ended.Condition, null));
    }

    // The two streams are put in order by the engine's timestamps, which have one width.
    private async Task<IReadOnlyList<string>> LogAsync(CancellationToken cancellation)
    {
        var log = await run.Shell.TryAsync(EngineWay.Log(engine, _name, LogLines), cancellation);
        return [.. $"{log.Output}\n{log.Error}".Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Order(StringComparer.Ordinal).TakeLast(LogLines)
            .Select(line => Narration.Printable(run.Secrets.Mask(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].TrimEnd())))];
    }
}
