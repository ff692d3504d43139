using Runback.Runbook.Cutover;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

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
        if (!context.CutoverBegun && context.Situation is { } found)
        {
            await RestartWorkersAsync(found, cancellation);
            return;
        }
        var after = await SettledAsync(before.Level, cancellation);
        var beforeLevel = before.Level;
        var afterLevel = after is null ? ServiceLevel.Down : ReturnJudgement.LevelOf(after);
        var mixed = after is not null && after.Services.Select(state => state.Container?.ImageId).Distinct().Count() > 1;
        var judgement = ReturnJudgement.Judge(context.Changed, context.Verified, beforeLevel, afterLevel, mixed, context.Request.OnFailure);
        context.Run.Journal.Write("judgement", ("before", beforeLevel.ToString()), ("after", afterLevel.ToString()), ("mixed", mixed), ("judgement", judgement.ToString()));
        context.Say($"before: {before.Tag} was {beforeLevel}; now: {after?.RunningTag ?? "unknown"} is {afterLevel}{(mixed ? ", on several releases" : "")}: {judgement}");
        if (judgement != Judgement.Return)
        {
            throw new RunbookException(
                context.Request.OnFailure == FailureAction.Stop
                    ? $"the rollback failed, {before.Tag} was {beforeLevel} before, and --on-failure Stop leaves things as they are"
                    : $"the rollback failed and {before.Tag} was {beforeLevel} before: going back would be no better",
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
        await ThrowUnlessFitsAsync(point, situation, cancellation);
        await context.Confirmation.AskAsync(
            $"{situation.Project.Name} will go back from {situation.RunningTag ?? "nothing"} to {point.Tag}, as before run {point.Run}. The database stays as it is.", cancellation);
        context.BeginChanging(point.Pin);
        context.CutoverBegun = true;
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
        var wanted = point.Level > ServiceLevel.Down ? point.Level : ServiceLevel.Serving;
        var after = await SettledAsync(wanted, cancellation);
        if (after is null || ReturnJudgement.LevelOf(after) < wanted)
        {
            throw new RunbookException(
                $"expected {point.Tag} to be {wanted} again, found: {after?.Health.Found ?? "nothing that can be observed"}; {after?.Readiness.Found}; {string.Join(", ", after?.Services.Select(state => $"{state.Service} {state.Container?.Condition ?? "missing"}") ?? [])}",
                $"see {new Compose(context.Deployment).Logs(context.Deployment.Services)}", Outcome.Failed);
        }
        context.Say($"{point.Tag} runs again: {after.Readiness.Found}");
    }

    // Nothing was exchanged yet: whatever state the application was in, the workers that this run stopped are all that has to come back.
    private async Task RestartWorkersAsync(Situation found, CancellationToken cancellation)
    {
        await context.Drain.SettledAsync();
        // Those that a killed run had stopped come back too.
        var isTakenUp = context.Origin is { Run.Length: > 0 };
        var running = found.Services
            .Where(state => context.Deployment.Workers.Contains(state.Service, StringComparer.Ordinal) && state.Container is { } container && (container.IsRunning || isTakenUp))
            .ToList();
        context.Say($"nothing was exchanged; starting {(running.Count == 0 ? "no workers: none ran" : string.Join(" and ", running.Select(state => state.Service)))} again");
        foreach (var state in running)
            await context.Run.Shell.ChangeAsync(new Processes.Command("docker", "start", state.Container!.Name), cancellation);
        context.Run.Result.Outcome = Outcome.Returned;
    }

    // One look in an unlucky second must not decide: it looks until the level is reached or the time is up.
    private async Task<Situation?> SettledAsync(ServiceLevel wanted, CancellationToken cancellation)
    {
        Situation? last = null;
        await Patience.UntilAsync(
            TimeSpan.FromSeconds(10), async () => (last = await ObserveAsync(cancellation)) is { } now && ReturnJudgement.LevelOf(now) >= wanted, cancellation);
        return last;
    }

    // Since the last run somebody may have deployed and migrated: what ran then must still be there, and must fit the database as it is now.
    private async Task ThrowUnlessFitsAsync(ReturnPoint point, Situation situation, CancellationToken cancellation)
    {
        if (point.ImageId is not { } image)
            return;
        if (await context.Engine.ImageAsync(image, cancellation) is null)
        {
            throw RunbookException.Refused(
                $"expected the image of {point.Tag} on the engine's host, found that it was removed", $"bring it back: docker pull {context.Deployment.Reference(point.Tag ?? "")}");
        }
        var history = await new HistoryReader(context.Deployment, context.Engine).ReadAsync(
            situation, null, Releases.Ledger.Of(context.Deployment).Read(), image, cancellation);
        if (history.Path is null)
        {
            context.Run.Narration.Warn($"whether {point.Tag} fits the database isn't known: {history.Problem}");
            return;
        }
        var judged = new Gates.HistoryGate().Judge(history, Strategy.AppOnly, point.Tag ?? "what ran before", isDryRun: false);
        if (!judged.Passed)
            throw RunbookException.Refused(judged.Found, judged.Hint!);
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
