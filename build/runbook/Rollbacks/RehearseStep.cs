using Runback.Runbook.Migrations;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>The rehearsal's part of a rollback: what the database part does is seen on a copy of the fresh backup, and decides whether the run goes on.</summary>
/// <param name="context">The run's context.</param>
public sealed class RehearseStep(RollbackContext context)
{
    /// <summary>Rehearses, and lets the outcome decide.</summary>
    /// <exception cref="RunbookException">What was rehearsed must not be done to production; nothing was changed.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (context is not { Target: { } target, Situation: { } situation, History: { } history })
            throw RunbookException.Usage("expected Preflight before Rehearse, found it left out", "leave --skip Preflight out: it finds the release and judges the gates");
        if (context.Placed is { } placed)
        {
            context.Say($"  {placed.Dump} is in the database's place already: there is nothing of it to rehearse");
            await context.Confirmation.AskAsync($"{situation.Project.Name} will be rolled back to {target.Tag} on {placed.Dump}, which is {context.Deployment.Database} already.", null, cancellation);
            return;
        }
        if (context.Run.DryRun)
        {
            context.Say("  would be rehearsed on a copy of the backup: the target release on the schema as it is, the downgrade, and the upgrade again");
            return;
        }
        await RehearsalLeftovers.RemoveAsync(situation.Project.Name, context.Run.Id, cancellation);
        var result = await new Rehearsal(context.Run).RunAsync(await RequestAsync(target, situation, history, cancellation), cancellation);
        context.Rehearsal = result;
        context.Run.Result.Rehearsal = result;
        // The fresh backup has been restored and compared by now, however deep it was verified before.
        if (result.Backup.File == context.Run.Result.Backup?.File)
            context.Run.Result.Backup = new BackupRecord(result.Backup.File, result.Backup.Sha256, result.Backup.Bytes, result.Backup.Level.ToString());
        foreach (var line in RehearsalText.Lines(result))
            context.Say("  " + line);
        await DecideAsync(target, result, cancellation);
    }

    /// <summary>What is rehearsed.</summary>
    internal async Task<RehearsalRequest> RequestAsync(TargetRelease target, Deployments.Situation situation, ReleaseHistory history, CancellationToken cancellation)
    {
        var isRestore = context.Course == Course.Restore;
        var point = isRestore ? context.Point?.Backup : null;
        var dump = point?.File ?? new BackupStep(context).File()
            ?? throw RunbookException.Refused($"expected a dump of {context.Deployment.Database} to rehearse on, found none", "take one: ./build.sh Backup");
        var plan = isRestore ? new DowngradePlanOf([], [], null) : DowngradePlanOf.History(history);
        return new RehearsalRequest(
            context.Deployment, situation.Project, situation.Database!, context.Run.Id, dump, isRestore ? null : await new BackupStep(context).ClusterAsync(cancellation),
            target.Prepared!.Image.Id, history.TargetHeads, history.Newer?.Image ?? target.Prepared.Image.Id, (isRestore ? point?.Facts?.Revisions : history.Revisions) ?? [])
        {
            Sha256 = new BackupStep(context).Known(dump),
            OnlyApplication = isRestore,
            DowngradePlan = plan.Arguments,
            NoDowngrade = plan.Problem,
            Assessment = isRestore ? null : history.Assessment,
            BadSince = StrategyChoices.BadSince(situation),
            SmokeRequests = context.Request.SmokeRequests,
            HealthLimit = context.Request.HealthLimit,
        };
    }

    private async Task DecideAsync(TargetRelease target, RehearsalResult result, CancellationToken cancellation)
    {
        switch (context.Course)
        {
            case Course.RehearseThenKeep when Keeps(result) is { } problem:
                await StopAsync($"the rehearsal shows that {problem}", cancellation);
                break;
            case Course.Downgrade when Undoes(result) is { } problem:
                await StopAsync($"the rehearsal shows that {problem}", cancellation);
                break;
            case Course.RehearseThenStop:
                await StopAsync($"the migrations that {target.Tag} doesn't know are {context.History!.Assessment!.Verdict} ({StrategyChoices.Reasons(context.History.Assessment)}): the choice is yours", cancellation);
                break;
            case Course.RehearseThenKeep:
                context.Run.Result.Strategy = nameof(Strategy.AppOnly);
                await context.Confirmation.AskAsync($"The rehearsal passed. {context.Situation!.Project.Name} will be rolled back to {target.Tag}; the database stays as it is.", null, cancellation);
                break;
            case Course.Restore when !result.KeptSchema.Passed:
                await StopAsync($"{target.Tag} doesn't work on the restored backup: {Failures(result.KeptSchema)}", cancellation);
                break;
            case Course.Restore:
                await context.Confirmation.AskAsync(
                    $"{context.Situation!.Project.Name} will be stopped for a moment, {context.Deployment.Database} replaced by {Path.GetFileName(result.Backup.File)} and kept under another name, and the application rolled back to {target.Tag}.",
                    context.Deployment.Database, cancellation);
                break;
            case Course.Downgrade:
                await context.Confirmation.AskAsync(
                    $"{context.Situation!.Project.Name} will be stopped, {context.Deployment.Database} downgraded to {string.Join(", ", context.TargetHeads)} and the application rolled back to {target.Tag}. Lost: {StrategyChoices.Losses(result, context.History!.Assessment)}.",
                    context.Deployment.Database, cancellation);
                break;
        }
    }

    private static string? Keeps(RehearsalResult result) =>
        !result.KeptSchema.Passed ? $"the release doesn't work on the schema as it is: {Failures(result.KeptSchema)}"
        : result.Observed.Blocks() ? $"the migrations are {result.Observed}: {string.Join("; ", result.ObservedReasons.Take(3).Select(reason => reason.Detail))}"
        : null;

    private string? Undoes(RehearsalResult result) =>
        result.Downgrade is not { } downgrade ? $"there is no downgrade: {result.NoDowngrade}"
        : !downgrade.Succeeded ? $"the downgrade fails: {downgrade.Failure}"
        : result.DowngradedSchema is { Passed: false } trial ? $"the release doesn't work on the downgraded schema: {Failures(trial)}"
        : result.Losses.Count > 0 && !context.Request.AcceptDataLoss ? $"data would be lost that --accept-data-loss doesn't accept: {StrategyChoices.Losses(result, context.History!.Assessment)}"
        : null;

    private static string Failures(AppTrial trial) =>
        string.Join("; ", trial.Checks.Where(check => !check.Passed).Select(check => $"{check.Name}: expected {check.Expected}, found {check.Found}"));

    private async Task StopAsync(string why, CancellationToken cancellation)
    {
        var page = await new StrategyChoices(context.Deployment, context.Request).ListAsync(context.Target!.Tag, context.History!, context.Rehearsal, cancellation);
        context.Run.Result.Choices = page;
        foreach (var line in ChoicesText.Lines(page))
            context.Say(line);
        throw RunbookException.Refused(why, page.First(choice => choice.IsOpen).Command is { } first ? $"the runbook's preference is a forward-fix: {first}" : "see the choices above");
    }
}
