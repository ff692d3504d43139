using Runback.Runbook.Cutover;
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
        if (context.Situation is not { } situation)
            throw RunbookException.Usage("expected Preflight before DrainWorkers, found it left out", "leave --skip Preflight out: it finds the release and judges the gates");
        context.BeginChanging(context.Target?.PinValue);
        await context.Drain.StopAsync(situation.Project.Name, cancellation);
    }

    /// <summary>Pins the target release and cuts over to it.</summary>
    public async Task CutoverAsync(CancellationToken cancellation)
    {
        if (context.Target is not { } target || context.Situation is not { } situation)
            throw RunbookException.Usage("expected Preflight before RollbackApp, found it left out", "leave --skip Preflight out: it finds the release and judges the gates");
        var project = situation.Project.Name;
        context.BeginChanging(target.PinValue);
        context.CutoverBegun = true;
        await OverrideAsync(cancellation);
        context.BeginMeasuring();
        if (await new Pin(context.Deployment).WriteAsync(target.PinValue, context.Run) is { } kept)
            context.Run.Result.Kept.Add($"the env file as it was: `{kept}`");
        if (context.Before is { } looking)
            await looking.EndAsync(cancellation);
        context.ExchangedAt = await context.Cutover.SwitchAsync(
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
        var checks = await Verifier.RunAsync(await new Expectations(context).OfAsync(situation, cancellation), cancellation);
        context.Tell(checks);
        context.Run.Result.Outage = context.Monitor?.Measured;
        if (Failure(checks) is { } failure)
            throw failure;
        context.Verified = true;
        if (context.Monitor is { } monitor)
            context.Say($"  outage: {monitor.Measured.Seconds:0.00} s, {monitor.Measured.Failed} of {monitor.Measured.Requests} probes failed");
        if (context.WhenVerified is { } then)
            await then(cancellation);
    }

    /// <summary>What is wrong, as checks found it; null when all passed.</summary>
    internal static RunbookException? Failure(IReadOnlyList<CheckRecord> checks) => checks.Where(check => !check.Passed).ToList() is { Count: > 0 } failed
        ? new RunbookException(
            $"{failed[0].Name}: expected {failed[0].Expected}, found {failed[0].Found}{(failed.Count > 1 ? $" (and {failed.Count - 1} more)" : "")}",
            failed[0].Hint, Outcome.Failed)
        : null;

    private async Task OverrideAsync(CancellationToken cancellation)
    {
        if (!context.Request.AcceptOverride)
            return;
        var unpinned = await TagVariable.UnpinnedAsync(context.Deployment, context.Run.Shell, cancellation);
        if (unpinned.Count > 0)
            await new PinOverride(context.Deployment).WriteAsync(unpinned, context.Run);
    }
}
