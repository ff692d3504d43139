using Runback.Runbook.Cutover;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Rollbacks;

/// <summary>The application's part of a rollback: workers drained, release pinned, containers exchanged, all of it verified.</summary>
/// <param name="context">The run's context.</param>
public sealed class CutoverStep(RollbackContext context)
{
    /// <summary>Begins to stop the workers of the release that is left: they take their grace while the backup is made.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        if (context.Deployment.Workers.Count == 0)
            return;
        context.BeginChanging(context.Target?.PinValue);
        await context.Drain.StopAsync(context.Situation!.Project.Name, cancellation);
    }

    /// <summary>Pins the target release and cuts over to it.</summary>
    public async Task CutoverAsync(CancellationToken cancellation)
    {
        var target = context.Target!;
        var project = context.Situation!.Project.Name;
        await OverrideAsync(cancellation);
        context.BeginChanging(target.PinValue);
        context.Monitor = context.Run.DryRun ? null
            : new OutageMonitor(new Uri(context.Deployment.BaseUrl, context.Deployment.HealthPath), context.Probe);
        if (await new Pin(context.Deployment).WriteAsync(target.PinValue, context.Run) is { } kept)
            context.Run.Result.Kept.Add($"the env file as it was: `{kept}`");
        await context.Cutover.SwitchAsync(
            project, target.Prepared?.Image.Id, context.Request.Cutover, context.Drain, context.Request.HealthLimit, cancellation);
    }

    /// <summary>Verifies what runs, and shows each check.</summary>
    /// <exception cref="RunbookException">A check failed.</exception>
    public async Task VerifyAsync(CancellationToken cancellation)
    {
        var situation = await context.BeginAsync(cancellation);
        if (context.Run.DryRun && context.IsNeeded && context.Target is not null)
        {
            context.Say("  would be verified: " + string.Join(", ", Verifier.Checks.Select(check => check.Name)));
            return;
        }
        var checks = await Verifier.RunAsync(Expectations(situation), cancellation);
        foreach (var check in checks)
        {
            context.Run.Result.Checks.Add(check);
            context.Say(check.Passed ? $"  ok      {check.Name}: {check.Found}" : $"  FAILED  {check.Name}: expected {check.Expected}, found {check.Found}");
        }
        context.Run.Result.Outage = context.Monitor?.Measured;
        if (checks.Where(check => !check.Passed).ToList() is { Count: > 0 } failed)
        {
            throw new RunbookException(
                $"{failed[0].Name}: expected {failed[0].Expected}, found {failed[0].Found}{(failed.Count > 1 ? $" (and {failed.Count - 1} more)" : "")}",
                failed[0].Hint, Outcome.Failed);
        }
        context.Verified = true;
        if (context.Monitor is { } monitor)
            context.Say($"  outage: {monitor.Measured.Seconds:0.00} s, {monitor.Measured.Failed} of {monitor.Measured.Requests} probes failed");
    }

    private VerificationContext Expectations(Situation situation) => new(
        context.Deployment, situation.Project.Name, context.Engine, context.Probe, context.Observer.RevisionsAsync)
    {
        ImageId = context.Target?.Prepared?.Image.Id,
        Tag = context.Target?.Tag ?? situation.RunningTag,
        ExpectedRevisions = context.Target is null ? null : situation.Revisions,
        TargetHeads = context.TargetHeads,
        SettleTime = context.Request.SettleTime,
        Limit = context.Request.HealthLimit < VerificationContext.LongestTry ? context.Request.HealthLimit : VerificationContext.LongestTry,
    };

    private async Task OverrideAsync(CancellationToken cancellation)
    {
        if (!context.Request.AcceptOverride)
            return;
        var unpinned = await TagVariable.UnpinnedAsync(context.Deployment, context.Run.Shell, cancellation);
        if (unpinned.Count > 0)
            await new PinOverride(context.Deployment).WriteAsync(unpinned, context.Run);
    }
}
