using Runback.Runbook.Cutover;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>The way back to the release that ran before.</summary>
/// <param name="context">The run's context.</param>
public sealed class ReturnStep(RollbackContext context)
{
    /// <summary>Decides what becomes of a rollback that failed, and goes back when the release that was replaced was healthier.</summary>
    /// <exception cref="RunbookException">A person must look.</exception>
    public async Task SettleAsync(CancellationToken cancellation)
    {
        if (!context.Changed || context.Verified || context.Origin is not { } before)
            return;
        var after = await ObserveAsync(cancellation);
        var beforeLevel = before.Level;
        var afterLevel = after is null ? ServiceLevel.Down : ReturnJudgement.LevelOf(after);
        var mixed = after is not null && after.Services.Select(state => state.Container?.ImageId).Distinct().Count() > 1;
        var judgement = ReturnJudgement.Judge(context.Changed, context.Verified, beforeLevel, afterLevel, mixed, context.Request.OnFailure);
        context.Run.Journal.Write("judgement", ("before", beforeLevel.ToString()), ("after", afterLevel.ToString()), ("mixed", mixed), ("judgement", judgement.ToString()));
        context.Say($"before: {before.Tag} was {beforeLevel}; now: {after?.RunningTag ?? "unknown"} is {afterLevel}{(mixed ? ", on several releases" : "")}: {judgement}");
        if (judgement != Judgement.Return)
        {
            throw new RunbookException(
                $"the rollback failed and {before.Tag} was {beforeLevel} before: going back would be no better",
                $"look at the app services first: {new Compose(context.Deployment).Logs(context.Deployment.Services)}; ./build.sh Return goes back all the same", Outcome.Failed);
        }
        await GoBackAsync(before, cancellation);
        context.Run.Result.Outcome = Outcome.Returned;
        context.Run.Result.Hint ??= "the report says what failed";
    }

    /// <summary>Goes back to where the last run began.</summary>
    /// <exception cref="RunbookException">There is no such run, or going back failed.</exception>
    public async Task ReturnAsync(CancellationToken cancellation)
    {
        context.Confirmation.ThrowUnlessAnswerable();
        var situation = await context.BeginAsync(cancellation);
        var point = ReturnPoint.OfLastRun(context.Deployment.StatePath, context.Run.Id)
            ?? throw RunbookException.Refused(
                $"expected a run that changed something under {context.Deployment.StatePath}, found none",
                "there is nothing to return from");
        context.Run.Result.To = new ReleaseRecord(point.Tag, point.Digests);
        if (point.IsRunIn(situation))
        {
            context.Say($"{point.Tag} already runs and is pinned, as before run {point.Run}");
            context.IsNeeded = false;
            return;
        }
        await context.Confirmation.AskAsync(
            $"{situation.Project.Name} will go back from {situation.RunningTag ?? "nothing"} to {point.Tag}, as before run {point.Run}. The database stays as it is.", cancellation);
        context.BeginChanging(point.Pin);
        await GoBackAsync(point, cancellation);
        context.Verified = !context.Run.DryRun;
    }

    private async Task GoBackAsync(ReturnPoint point, CancellationToken cancellation)
    {
        context.Say($"going back to {point.Tag}");
        if (point.Pin is { } pin && await new Pin(context.Deployment).WriteAsync(pin, context.Run) is { } kept)
            context.Run.Result.Kept.Add($"the env file before going back: `{kept}`");
        await context.Drain.SettledAsync();
        await context.Cutover.SwitchAsync(
            context.Situation!.Project.Name, point.ImageId, CutoverMode.Recreate, new WorkerDrain(context.Deployment, context.Engine, context.Run),
            context.Request.HealthLimit, cancellation);
        if (context.Run.DryRun)
            return;
        var after = await context.Observer.ObserveAsync(cancellation);
        if (!after.Serves)
        {
            throw new RunbookException(
                $"expected {point.Tag} to serve again, found: {after.Health.Found}; {string.Join(", ", after.Services.Select(state => $"{state.Service} {state.Container?.Condition ?? "missing"}"))}",
                $"see {new Compose(context.Deployment).Logs(context.Deployment.Services)}", Outcome.Failed);
        }
        context.Say($"{point.Tag} runs again: {after.Readiness.Found}");
    }

    private async Task<Situation?> ObserveAsync(CancellationToken cancellation)
    {
        try
        {
            return await context.Observer.ObserveAsync(cancellation);
        }
        catch (RunbookException exception)
        {
            context.Run.Narration.Warn($"the deployment can't be observed: {exception.Message}", exception.Hint);
            return null;
        }
    }
}
