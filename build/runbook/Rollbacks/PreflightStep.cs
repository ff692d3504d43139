using System.Text.Json.Nodes;
using Runback.Runbook.Deployments;
using Runback.Runbook.Migrations.Assessment;
using Runback.Runbook.Releases;
using Runback.Runbook.Reports;
using Runback.Runbook.Rollbacks.Gates;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Rollbacks;

/// <summary>Everything before the first change: the release is found, brought onto the host, and every gate judges.</summary>
/// <param name="context">The run's context.</param>
/// <param name="catalog">The releases of the deployment's image.</param>
/// <param name="ledger">What verified good before.</param>
public sealed class PreflightStep(RollbackContext context, ReleaseCatalog catalog, Ledger ledger)
{
    /// <summary>Observes, finds the release, and lets the gates judge.</summary>
    /// <exception cref="RunbookException">A gate refuses; all that refuse are named at once.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var request = TagRequest.Parse(context.Request.Tag, catalog.Image);
        context.Confirmation.ThrowUnlessAnswerable();
        var situation = await context.BeginAsync(cancellation);
        Show(situation);
        var finder = new TargetFinder(context, catalog, ledger);
        var (tag, digest) = await finder.FindAsync(request, situation, cancellation);
        context.Target = new TargetRelease(tag.Value, digest, null);
        context.Run.Result.To = new ReleaseRecord(tag.Value, new Dictionary<string, string>());
        if (situation.Runs(tag.Value, digest) && context.Request.Strategy is (Strategy.Auto or Strategy.AppOnly))
        {
            context.IsNeeded = false;
            context.Say($"{tag} already runs and is pinned: it is verified, and nothing is changed");
            return;
        }
        if (context.Request.Strategy == Strategy.Restore && await IsRestoredAsync(tag, digest, cancellation))
            return;
        context.Target = await finder.FetchAsync(tag, digest, cancellation);
        context.Run.Result.To = new ReleaseRecord(tag.Value, context.Deployment.Services.ToDictionary(
            service => service, _ => context.Target.Digest ?? context.Target.Prepared?.Image.Id ?? "unknown", StringComparer.Ordinal));
        if (!context.Run.DryRun)
        {
            context.Before = BeforeExchange.Begin(
                context.Deployment, situation.Project.Name, context.Engine, context.Probe, context.Run, context.Request.Metrics, context.Request.Logs.Window, cancellation);
        }
        await JudgeAsync(situation, cancellation);
        // What is rehearsed is confirmed when its numbers are known.
        if (!context.Course.IsRehearsed())
        {
            await context.Confirmation.AskAsync(
                $"{situation.Project.Name} will be rolled back from {situation.RunningTag ?? "nothing"} to {tag}: backup, cutover of {string.Join(" and ", context.Deployment.Services)}, verification. The database stays at {Revisions(situation)}.",
                null, cancellation);
        }
        context.Run.Journal.Write("target", ("tag", tag.Value), ("digest", digest), ("pin", context.Target.PinValue), ("image", context.Target.Prepared?.Image.Id));
    }

    private void Show(Situation situation)
    {
        context.Say($"{situation.Project.Name} runs {situation.RunningTag ?? "nothing"}, pinned {situation.Pin ?? "nowhere"}, database at {Revisions(situation)}");
        foreach (var state in situation.Services)
            context.Say($"  {state.Service}: {state.Tag ?? "no container"}, {state.Container?.Condition ?? "missing"}");
        context.Say($"  health: {situation.Health.Found}; readiness: {situation.Readiness.Found}");
        if (DrillLine.RecentOf(context.Deployment.StatePath) is { } drills)
            context.Say($"  drills: {drills}");
    }

    // What a restore has done already isn't done again: the rows that were written since would be gone.
    private async Task<bool> IsRestoredAsync(Tag tag, string? digest, CancellationToken cancellation)
    {
        var decision = await RestoreDecision.DecideAsync(context, tag.Value, digest, cancellation);
        if (decision is { Need: RestoreNeed.Restore } or { Placed: null })
            return false;
        var placed = decision.Placed;
        if (decision.Need == RestoreNeed.FinishFirst)
        {
            throw RunbookException.Refused(
                $"expected to go on from the run {placed.Run}, which had put {placed.Dump} in the database's place for {placed.Release}, found another point or release asked for",
                $"finish that one first, with --tag {placed.Release} --point {placed.Dump}, or undo it: {context.Request.Call} Return");
        }
        if (decision.Left is { } left && context.Origin is { Run.Length: 0 })
            context.TakeUp(left);
        var restore = new RestoreStep(context);
        context.Run.Result.Strategy = nameof(Strategy.Restore);
        if (decision.Need == RestoreNeed.GoOn)
        {
            context.Placed = placed;
            return false;
        }
        context.IsNeeded = false;
        context.Say($"{tag} already runs and is pinned, on the backup {placed.Dump} that run {placed.Run} put in the database's place ({placed.At:yyyy-MM-dd HH:mm:ss} UTC): it is verified, and nothing is changed");
        context.Say($"  to restore once more: another backup with --point FILE; or the same one after {context.Request.Call} Return, which keeps what was written since aside");
        await restore.TellPlacedAsync(placed, counts: decision.Left is not null, cancellation);
        return true;
    }

    // Chosen here and nowhere else: whatever is put into the folder later, this run's own dump first of all, is no candidate.
    private RestoreChoice? Choose(ReleaseHistory history)
    {
        if (context.Course != Course.Restore)
            return null;
        if (context.Placed is { } placed)
            return new RestoreChoice(null, placed, null);
        try
        {
            context.Point = RestoreStep.Choose(context.Request, context.Deployment, history);
            context.Run.Result.RestorePoint = RestorePointRecord.Of(context.Point);
            return new RestoreChoice(context.Point, null, null);
        }
        catch (RunbookException none)
        {
            return new RestoreChoice(null, null, none);
        }
    }

    private static string Revisions(Situation situation) => situation.Revisions is { } revisions ? string.Join(", ", revisions) : "an unknown revision";

    // What a killed run has done to the database is a part of the rollback that this one finishes.
    private Strategy? TakenUp(ReleaseHistory history)
    {
        if (context.Takeover is not { } takeover || takeover.Done(history.TargetHeads) is not { } done)
            return null;
        context.Say($"  the database part of {done} is done already, by a run that was ended halfway; what remains is the cutover");
        if (takeover.Downgraded(history.TargetHeads) is { } run && DowngradeStep.KeptBy(context.Deployment.StatePath, run.Id) is { } kept)
        {
            context.DataLost = $"what the downgrade dropped is only in {kept}";
            context.Run.Result.Kept.Add($"the tables that lose data, as they were before the downgrade: `{kept}`");
        }
        if (takeover.Swapped is { } swapped)
        {
            context.DataLost = $"what was written after the backup is only in {swapped.Name}";
            context.Run.Result.Kept.Add($"the database as it was before the restore: {swapped.Name}");
        }
        return done;
    }

    private async Task JudgeAsync(Situation situation, CancellationToken cancellation)
    {
        var history = await new HistoryReader(context.Deployment, context.Engine).ReadAsync(
            situation, context.Origin, ledger.Read(), context.Target!.Prepared?.Image.Id, cancellation);
        context.History = history;
        foreach (var image in history.Unread.Where(image => image.Runs))
            context.Run.Narration.Warn($"the migrations of {image.Name}, which runs, can't be read: {image.Why}", "where the image keeps them is said with --migrations-directory");
        context.Run.Result.Assessment = history.Assessment is { } assessment ? JsonNode.Parse(AssessmentJson.Write(assessment)) : null;
        context.Run.Result.ApprovedBy = context.Request.ApprovedBy;
        context.Course = Courses.Decide(context.Request.Strategy, history);
        context.Run.Result.Strategy = (context.Course == Course.Keep ? TakenUp(history) ?? Strategy.AppOnly : context.Request.Strategy).ToString();
        context.Run.Journal.Note("course", ("course", context.Course.ToString()), ("strategy", context.Request.Strategy.ToString()));
        var judge = new GateContext(context.Deployment, context.Request, situation, context.Target, history, context.Course, context.Run.Shell) { Restore = Choose(history), Probe = context.Probe };
        var results = await RollbackGates.JudgeAsync(judge, cancellation);
        foreach (var result in results)
        {
            context.Run.Journal.Note("gate", ("gate", result.Gate), ("passed", result.Passed), ("found", result.Found), ("hint", result.Hint));
            context.Say($"  {(result.Passed ? "ok     " : "REFUSED")} {result.Gate}: {result.Found}");
        }
        var refused = results.Where(result => !result.Passed).ToList();
        if (refused.Count > 0)
        {
            throw RunbookException.Refused(
                string.Join("; ", refused.Select(result => $"{result.Gate}: {result.Found}")),
                string.Join("; ", refused.Select(result => result.Hint).OfType<string>().Distinct()));
        }
    }
}
