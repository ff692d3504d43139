using Runback.Runbook.Cutover;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Restores;
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
        await new LostLock(context).RecoverAsync(cancellation);
        if (!context.CutoverBegun)
        {
            await ServeAgainAsync(before, cancellation);
            return;
        }
        var after = await SettledAsync(before.Level, cancellation);
        var beforeLevel = before.Level;
        ServiceLevel? afterLevel = after is null ? null : ReturnJudgement.LevelOf(after);
        var mixed = after is not null && after.Services.Select(state => state.Container?.ImageId).Distinct().Count() > 1;
        var judgement = ReturnJudgement.Judge(context.Changed, context.Verified, beforeLevel, afterLevel, mixed, context.Request.OnFailure);
        context.Run.Journal.Write("judgement", ("before", beforeLevel.ToString()), ("after", afterLevel?.ToString() ?? "unknown"), ("mixed", mixed), ("judgement", judgement.ToString()));
        context.Say($"before: {before.Tag} was {beforeLevel}; now: {after?.RunningTag ?? "what runs"} is {afterLevel?.ToString() ?? "unknown"}{(mixed ? ", on several releases" : "")}: {judgement}");
        if (judgement != Judgement.Return && after is null)
        {
            throw new RunbookException(
                "the rollback failed, and what runs now can't be observed: nothing more was changed",
                "once the engine answers, run the same command again to finish it, or ./build.sh Return", Outcome.Failed);
        }
        if (judgement != Judgement.Return)
        {
            throw new RunbookException(
                context.Request.OnFailure == FailureAction.Stop
                    ? $"the rollback failed, {before.Tag} was {beforeLevel} before, and --on-failure Stop leaves things as they are"
                    : $"the rollback failed and {before.Tag} was {beforeLevel} before: going back would be no better",
                $"look at the app services first: {new Compose(context.Deployment).Logs(context.Deployment.Services)}; ./build.sh Return goes back all the same", Outcome.Failed);
        }
        await UndoDatabaseAsync(cancellation);
        if (context is { MovedTo: not null, ServingStopped: true })
        {
            await ServeAgainAsync(before, cancellation);
            return;
        }
        await ThrowUnlessItStillFitsAsync(before, cancellation);
        await GoBackAsync(before, cancellation);
        Returned();
    }

    // What this run stopped comes back, on the release that fits the database that is there now.
    private async Task ServeAgainAsync(ReturnPoint before, CancellationToken cancellation)
    {
        await UndoDatabaseAsync(cancellation);
        var found = context.Situation!.Revisions ?? [];
        // An interruption may have come between a change of the database and its note: it is read again, never assumed (trap 23).
        var now = context.ServingStopped ? await RevisionsNowAsync(cancellation) : found;
        if (context.MovedTo is null && now is not null && now.ToHashSet(StringComparer.Ordinal).SetEquals(found))
        {
            await new AppStop(context).StartAsync(SettledAsync, cancellation);
            Returned();
            return;
        }
        var moved = now ?? context.MovedTo;
        context.MovedTo = moved;
        var fitsTarget = moved is not null && moved.ToHashSet(StringComparer.Ordinal).SetEquals(context.TargetHeads);
        var at = moved is null ? "a revision that can't be read" : string.Join(", ", moved);
        context.Say($"the database is at {at}: {(fitsTarget ? $"{context.Target!.Tag} fits it and" : before.Tag)} is started");
        if (fitsTarget)
            await new CutoverStep(context).CutoverAsync(cancellation);
        else if (context.CutoverBegun)
            await GoBackAsync(before, cancellation);
        else
            await new AppStop(context).StartAsync(SettledAsync, cancellation);
        throw new RunbookException(
            $"the database was left at {at}, and {(fitsTarget ? context.Target!.Tag : before.Tag)} was started on it, unverified",
            "see what the report says of the database; then ./build.sh Verify", Outcome.Failed);
    }

    private async Task<IReadOnlyList<string>?> RevisionsNowAsync(CancellationToken cancellation)
    {
        try
        {
            return await context.Observer.RevisionsAsync(cancellation);
        }
        catch (RunbookException unreadable)
        {
            context.Run.Narration.Warn($"the database's revision can't be read: {unreadable.Message}", unreadable.Hint);
            return null;
        }
    }

    // When the way back fails the database stays where it was moved to: whoever goes on starts what fits that.
    private async Task UndoDatabaseAsync(CancellationToken cancellation)
    {
        if (context.UndoDatabase is not { } undo)
            return;
        context.UndoDatabase = null;
        await new AppStop(context).StopAsync(cancellation);
        try
        {
            await undo(cancellation);
            (context.MovedTo, context.PutAside) = (null, null);
        }
        catch (RunbookException failed)
        {
            context.Run.Narration.Warn($"the database couldn't be brought back: {failed.Message}", failed.Hint);
        }
    }

    // What a downgrade dropped doesn't come back with the schema: then production isn't as it was found.
    private void Returned()
    {
        var lost = context.DataLost;
        context.Run.Result.Outcome = lost is null ? Outcome.Returned : Outcome.Failed;
        if (lost is not null)
            context.Run.Result.Summary = $"{context.Run.Result.Summary}; {context.Origin?.Tag} runs again, but {lost}";
        context.Run.Result.Hint ??= "the report says what failed";
    }

    private async Task ThrowUnlessItStillFitsAsync(ReturnPoint before, CancellationToken cancellation)
    {
        if (await ObserveAsync(cancellation) is not { } now)
            return;
        try
        {
            await ThrowUnlessFitsAsync(before, now, cancellation);
        }
        catch (RunbookException misfit)
        {
            throw new RunbookException($"the rollback failed, and {before.Tag} doesn't fit the database any more: {misfit.Message}", misfit.Hint, Outcome.Failed, misfit);
        }
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
        var (restore, swapped) = await SwappedByAsync([point.Run, .. point.TakesUp ?? []], cancellation);
        if (swapped is null)
            await ThrowUnlessFitsAsync(point, situation, cancellation);
        await context.Confirmation.AskAsync(
            $"{situation.Project.Name} will go back from {situation.RunningTag ?? "nothing"} to {point.Tag}, as before run {point.Run}. {(swapped is null ? "The database stays as it is." : $"The database takes its place again that is kept as {swapped.Kept}; the restored one is kept under another name.")}",
            swapped is null ? null : context.Deployment.Database, cancellation);
        context.BeginChanging(point.Pin);
        if (swapped is not null)
        {
            await new AppStop(context).StopAsync(cancellation);
            await restore!.SwapBackAsync(swapped, cancellation);
            context.Run.Result.Kept.Add(swapped.AsideNote);
        }
        context.CutoverBegun = true;
        await GoBackAsync(point, cancellation);
        context.Verified = !context.Run.DryRun;
    }

    // A database that doesn't answer keeps nobody from going back with the application.
    private async Task<(DatabaseRestore? Restore, SwappedDatabase? Swapped)> SwappedByAsync(IReadOnlyList<string> runs, CancellationToken cancellation)
    {
        try
        {
            var restore = new DatabaseRestore(await PostgresServer.OfAsync(context.Deployment, context.Run.Shell, cancellation), context.Run);
            return (restore, await restore.FindAsync(runs, cancellation));
        }
        catch (RunbookException unreachable)
        {
            context.Run.Narration.Warn($"whether run {runs[0]} had exchanged the database isn't known: {unreachable.Message}", unreachable.Hint);
            return (null, null);
        }
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
            context.Run.Narration.Warn($"whether {point.Tag} fits the database isn't known: {history.Problem}", history.ProblemHint);
            return;
        }
        var judged = new Gates.HistoryGate().Judge(history, Course.Keep, acceptsCaution: true, point.Tag ?? "what ran before", isDryRun: false);
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
