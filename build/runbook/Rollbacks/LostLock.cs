using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>
/// What a run does that lost the deployment's lock after it had changed something. Going back would be a change as well, and somebody else may be at
/// work: it goes on only when it has the lock again and nobody else has changed anything in between; else a person must look.
/// </summary>
/// <param name="context">The run's context.</param>
public sealed class LostLock(RollbackContext context)
{
    /// <summary>Takes the lock again where it was lost; nothing happens where it wasn't.</summary>
    /// <exception cref="RunbookException">Somebody else has it, or has worked on the deployment (outcome Failed).</exception>
    public async Task RecoverAsync(CancellationToken cancellation)
    {
        if (!context.Hold.IsLost)
            return;
        await context.Hold.RetakeAsync(cancellation);
        if (RunHistory.List(context.Deployment.StatePath).FirstOrDefault(Meanwhile) is { } other)
            throw Stopped($"run {other.Id}{(other.Target is null ? "" : $" ({other.Target})")} {(other.Problem is null ? "has changed the deployment" : $"may have changed it: {other.Problem}")}");
        var now = await context.Observer.ObserveAsync(cancellation);
        if (context.Origin is { } origin && !(origin with { TargetImageId = context.Target?.Prepared?.Image.Id }).ExplainsWhatRuns(now))
            throw Stopped($"{string.Join(", ", now.Services.Select(state => $"{state.Service} runs {state.Tag ?? "nothing"}"))}, which this run hasn't brought");
        context.Say("nobody has changed anything in between");
    }

    private bool Meanwhile(RunRecord run) => run.Id != context.Run.Id && !run.Beside
        && (run.Turn > context.Turn || (run.Problem is not null && run.BeganAt > context.ChangedAt));

    private static RunbookException Stopped(string found) => new(
        $"the lock was lost for a while and is taken again, but meanwhile {found}: this run changes nothing more",
        "see ./build.sh Status and that run's report; then run the same command again, or ./build.sh Return", Outcome.Failed);
}
