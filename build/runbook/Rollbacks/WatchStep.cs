using System.Diagnostics;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;
using Spectre.Console;

namespace Runback.Runbook.Rollbacks;

/// <summary>
/// Verifies again and again. It doesn't hold the deployment meanwhile: whoever has to roll back in that time must be able to.
/// </summary>
/// <param name="context">The run's context.</param>
/// <param name="options">How it goes on.</param>
public sealed class WatchStep(RollbackContext context, WatchOptions options)
{
    // What is good needs no patience; a fault that mends itself within a look isn't one of the release.
    private static readonly TimeSpan LaterTry = TimeSpan.FromSeconds(5);
    private IReadOnlyList<CheckRecord> _last = [];

    /// <summary>Looks until the release has been good for as long as asked, or a person ends it.</summary>
    /// <returns>The digests that were good all the time, by service; null when a person ended it.</returns>
    /// <exception cref="RunbookException">A check failed (and it wasn't to go on), or the last look before the end wasn't good.</exception>
    public async Task<IReadOnlyDictionary<string, string>?> RunAsync(CancellationToken cancellation)
    {
        var situation = await context.Observer.ObserveAsync(cancellation);
        var expected = await new Expectations(context).OfAsync(situation, cancellation);
        if (situation.Services.Select(state => state.Container?.ImageId).Distinct().ToList() is [{ } image])
            expected = expected with { ImageId = image };
        context.Run.Result.From = context.Run.Result.To = new ReleaseRecord(situation.RunningTag, situation.Digests);
        try
        {
            if (options.Console is { } console)
            {
                using var live = new LiveView(console);
                live.Draw((_, _) => new Markup("looking \u2026"));
                await LoopAsync(situation, expected, state => live.Draw((width, height) => WatchView.Fitting(state, context.Run.Secrets.Mask, width, height)), cancellation);
            }
            else
            {
                await LoopAsync(situation, expected, Say, cancellation);
            }
            return situation.Digests;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && options.KeepsOn && _last.Count > 0)
        {
            ThrowUnlessGood();
            context.Say("it was good when it was ended; that isn't noted as a verification");
            return null;
        }
        finally
        {
            context.Run.Result.Checks.Clear();
            foreach (var check in _last)
                context.Run.Result.Checks.Add(check);
        }
    }

    private async Task LoopAsync(Situation situation, VerificationContext expected, Action<WatchState> show, CancellationToken cancellation)
    {
        long? goodSince = null;
        while (true)
        {
            var began = Stopwatch.GetTimestamp();
            _last = await Verifier.RunAsync(expected, cancellation);
            goodSince = _last.All(check => check.Passed) ? goodSince ?? began : null;
            var good = goodSince is { } since ? Stopwatch.GetElapsedTime(since) : (TimeSpan?)null;
            show(new WatchState(DateTimeOffset.UtcNow, situation.RunningTag ?? "nothing", _last, good, options.GoodAfter));
            if (!options.KeepsOn)
                ThrowUnlessGood();
            if (good >= options.GoodAfter)
                return;
            await Task.Delay(options.Interval, cancellation);
            expected = expected with { Limit = expected.Limit < LaterTry ? expected.Limit : LaterTry };
        }
    }

    private void Say(WatchState state)
    {
        foreach (var line in WatchView.Lines(state))
            context.Say(line);
    }

    private void ThrowUnlessGood()
    {
        if (CutoverStep.Failure(_last) is { } failure)
            throw failure;
    }
}
