using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification.Logs;
using Runback.Runbook.Verification.Metrics;

namespace Runback.Runbook.Verification;

/// <summary>
/// What a verification compares with, looked at while the release that is left still runs: its logs, which go with its containers, and its error rate.
/// It is only ever a help: whatever can't be read is missing from the comparison, and a rollback never waits long for it.
/// </summary>
public sealed class BeforeExchange
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Deployment _deployment;
    private readonly HttpProbe _probe;
    private readonly Run _run;
    private readonly MetricsOptions? _metrics;
    private readonly Task<Scrape?> _first;
    private readonly Task<LogBaseline?> _logs;
    private Task? _ended;

    private BeforeExchange(Deployment deployment, string project, EngineApi engine, HttpProbe probe, Run run, MetricsOptions? metrics, TimeSpan window, CancellationToken cancellation)
    {
        (_deployment, _probe, _run, _metrics) = (deployment, probe, run, metrics);
        _first = ScrapeAsync(cancellation);
        _logs = CaptureAsync(project, engine, window, cancellation);
    }

    /// <summary>The logs, or null when they couldn't be read.</summary>
    public LogBaseline? Logs { get; private set; }

    /// <summary>The share of errors, or null when it isn't known.</summary>
    public ErrorShare? Errors { get; private set; }

    /// <summary>Begins to look, beside whatever comes next.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="project">Its Compose project's name.</param>
    /// <param name="engine">The engine it runs on.</param>
    /// <param name="probe">Asks the application.</param>
    /// <param name="run">The run, in whose folder the logs are kept.</param>
    /// <param name="metrics">Where the metrics are, or null.</param>
    /// <param name="window">How far back logs are read.</param>
    /// <param name="cancellation">Ends the looking.</param>
    public static BeforeExchange Begin(
        Deployment deployment, string project, EngineApi engine, HttpProbe probe, Run run, MetricsOptions? metrics, TimeSpan window, CancellationToken cancellation) =>
        new(deployment, project, engine, probe, run, metrics, window, cancellation);

    /// <summary>Looks for the last time, unless that was done before: what is looked at is stopped or exchanged next.</summary>
    public Task EndAsync(CancellationToken cancellation) => _ended ??= LookAsync(cancellation);

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            var second = ScrapeAsync(cancellation);
            await Task.WhenAll(_first, _logs, second).WaitAsync(Patience, cancellation);
            Logs = await _logs;
            if (_metrics?.Errors is { } errors && await _first is { } before && await second is { } after)
                Errors = Scrape.Between(before, after, errors);
        }
        catch (TimeoutException)
        {
            _run.Narration.Warn("what was logged before the exchange couldn't be read in time: the logs are not compared");
        }
    }

    private async Task<Scrape?> ScrapeAsync(CancellationToken cancellation) =>
        _metrics?.Errors is null ? null : await Scrape.TakeAsync(_metrics, _deployment.BaseUrl, _probe, Patience, cancellation);

    private async Task<LogBaseline?> CaptureAsync(string project, EngineApi engine, TimeSpan window, CancellationToken cancellation)
    {
        try
        {
            var logs = await new LogReader(_run.Secrets).ReadAsync(_deployment, project, engine, window, cancellation);
            var baseline = new LogBaseline(DateTimeOffset.UtcNow, logs);
            baseline.Write(_run.Folder!);
            return baseline;
        }
        catch (Exception exception) when (exception is RunbookException or IOException or UnauthorizedAccessException)
        {
            _run.Narration.Warn($"what was logged before the exchange isn't kept: {exception.Message}");
            return null;
        }
    }
}
