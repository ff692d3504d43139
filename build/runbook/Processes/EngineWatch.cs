using System.Collections.Concurrent;
using System.Diagnostics;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Processes;

/// <summary>
/// Asks the container engine now and then whether it is there, while <c>docker</c> commands wait for it: one that has fallen silent would keep them,
/// and the run, waiting for ever. What waits is ended then, and says why.
/// </summary>
public sealed class EngineWatch : IAsyncDisposable
{
    // A process talks to one engine: the one that its environment names.
    private static readonly ConcurrentDictionary<RunningCommand, bool> Waiting = new();
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);

    private readonly Func<CancellationToken, Task> _ping;
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _watching;

    /// <summary>Begins to watch.</summary>
    /// <param name="ping">Asks the engine; what it throws is no answer.</param>
    /// <param name="limit">For how long the engine may be silent; a minute when null.</param>
    public EngineWatch(Func<CancellationToken, Task> ping, TimeSpan? limit = null)
    {
        _ping = ping;
        _limit = limit ?? Usual;
        _watching = WatchAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        _ending.Dispose();
    }

    internal static void Add(RunningCommand command) => Waiting[command] = true;

    internal static void Remove(RunningCommand command) => Waiting.TryRemove(command, out _);

    private async Task WatchAsync()
    {
        var answered = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(_limit / 12, _ending.Token);
                if (Waiting.IsEmpty || await AnswersAsync())
                    answered = Stopwatch.GetTimestamp();
                else if (Stopwatch.GetElapsedTime(answered) > _limit)
                    End();
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private void End()
    {
        foreach (var command in Waiting.Keys)
            command.End(new RunbookException(
                $"expected the engine to answer `{command.Command}`, found it silent for over {_limit.TotalSeconds:0} s: the command was ended",
                "see `docker info` and the engine's log, and restart the engine if it hangs; what the command had begun may go on by itself"));
    }

    private async Task<bool> AnswersAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        patience.CancelAfter(_limit / 6);
        try
        {
            await _ping(patience.Token);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !_ending.IsCancellationRequested)
        {
            return false;
        }
    }
}
