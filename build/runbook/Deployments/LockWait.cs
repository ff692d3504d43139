using System.Diagnostics;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Deployments;

/// <summary>Waits for a deployment's lock, and says meanwhile who holds it.</summary>
/// <param name="engine">The deployment's engine.</param>
/// <param name="project">The Compose project.</param>
/// <param name="narration">Where it is said.</param>
public sealed class LockWait(EngineApi engine, string project, Narration narration)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(30);
    private string? _told;
    private long _toldAt;

    /// <summary>Takes the lock as soon as nobody holds it.</summary>
    /// <param name="image">Gives an image on the engine's host, asked each time: while one waits, the holder may exchange it.</param>
    /// <param name="holder">Who takes it, from the moment at which it is taken.</param>
    /// <param name="limit">How long to wait for it; zero not to wait.</param>
    /// <param name="cancellation">Ends the waiting; nothing was taken then.</param>
    /// <exception cref="RunbookException">Somebody else holds it still when the time is over (outcome Locked), or it can't be taken.</exception>
    public async Task<DeploymentLock> AcquireAsync(Func<CancellationToken, Task<string>> image, Func<Holder> holder, TimeSpan limit, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            // A look costs nothing; a try starts a container.
            if (limit == TimeSpan.Zero || await DeploymentLock.RemoveDeadAsync(engine, project, cancellation))
            {
                try
                {
                    var taken = await DeploymentLock.AcquireAsync(engine, project, await image(cancellation), holder(), cancellation);
                    if (_told is not null)
                        narration.Say($"{project} is free after {Duration.Text(Stopwatch.GetElapsedTime(start))}: this run holds it now, and reads again what is there");
                    return taken;
                }
                catch (RunbookException locked) when (locked.Outcome == Outcome.Locked && Stopwatch.GetElapsedTime(start) < limit)
                {
                    // Another of those who wait was faster.
                }
            }
            if (Stopwatch.GetElapsedTime(start) >= limit)
                throw await OverAsync(limit, cancellation);
            Tell(await DeploymentLock.HolderAsync(engine, project, cancellation), limit - Stopwatch.GetElapsedTime(start));
            await Task.Delay(Glance, cancellation);
        }
    }

    private void Tell(Holder? holder, TimeSpan left)
    {
        if (holder is null || (_told == holder.Run && Stopwatch.GetElapsedTime(_toldAt) < Reminder))
            return;
        narration.Say($"{project} is held by {holder}; waiting, for {Duration.Text(left)} at most");
        (_told, _toldAt) = (holder.Run, Stopwatch.GetTimestamp());
    }

    private async Task<RunbookException> OverAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var locked = await DeploymentLock.LockedAsync(engine, project, cancellation);
        return limit == TimeSpan.Zero ? locked
            : new RunbookException($"{locked.Message}, and waited {Duration.Text(limit)} for it", "run the same command again, with a longer --wait; the lock goes away by itself when that process ends", Outcome.Locked);
    }
}
