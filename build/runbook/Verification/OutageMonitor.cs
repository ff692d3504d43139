using System.Diagnostics;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>
/// Asks the health path through the proxy again and again while containers are exchanged, and measures what a client noticed: the time from
/// the first request that failed to the first that succeeded again, and how many failed.
/// </summary>
public sealed class OutageMonitor : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(2);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private readonly Lock _lock = new();
    private readonly List<(TimeSpan At, bool Ok)> _answers = [];
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;

    /// <summary>Begins to watch.</summary>
    public OutageMonitor(Uri url, HttpProbe probe) => _watching = WatchAsync(url, probe);

    /// <summary>What was noticed so far.</summary>
    public OutageRecord Measured
    {
        get
        {
            lock (_lock)
            {
                var ordered = _answers.OrderBy(answer => answer.At).ToList();
                return Measure(ordered) with { From = ordered.Where(answer => !answer.Ok).Select(answer => (DateTimeOffset?)(_startedAt + answer.At)).FirstOrDefault() };
            }
        }
    }

    /// <summary>Measures a series of answers: the outage lasts from the first failure to the first success after the last failure.</summary>
    internal static OutageRecord Measure(IReadOnlyList<(TimeSpan At, bool Ok)> answers)
    {
        var failed = answers.Where(answer => !answer.Ok).ToList();
        if (failed.Count == 0)
            return new OutageRecord(0, answers.Count, 0);
        var end = answers.FirstOrDefault(answer => answer.Ok && answer.At > failed[^1].At, answers[^1]);
        return new OutageRecord(Math.Round((end.At - failed[0].At).TotalSeconds, 3), answers.Count, failed.Count);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(Uri url, HttpProbe probe)
    {
        var start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                var at = Stopwatch.GetElapsedTime(start);
                var answer = await probe.GetAsync(url, OneAnswer, _stop.Token);
                lock (_lock)
                    _answers.Add((at, answer.IsSuccess));
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // Watching ends with the run.
        }
    }
}
