using Runback.Runbook.Cutover;
using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>Stops what writes (trap 6): the app services, while the database and everything else stays up.</summary>
/// <param name="context">The run's context.</param>
public sealed class AppStop(RollbackContext context)
{
    /// <summary>Stops all app services, workers and serving ones side by side.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        if (context.Before is { } looking)
            await looking.EndAsync(cancellation);
        context.BeginMeasuring();
        context.ServingStopped = true;
        var project = context.Situation!.Project.Name;
        // A drain stops workers once; those that a cutover has started since are others.
        var drain = context.CutoverBegun ? new WorkerDrain(context.Deployment, context.Engine, context.Run) : context.Drain;
        var serving = context.Deployment.ServingServices.ToList();
        await Task.WhenAll(
            drain.StopAsync(project, cancellation),
            serving.Count == 0 ? Task.CompletedTask : context.Run.Shell.ChangeAsync(new Compose(context.Deployment).Stop(serving), cancellation));
    }

    /// <summary>Starts again what ran when the run began, as it was, and waits until it serves as well as then.</summary>
    /// <exception cref="RunbookException">It doesn't.</exception>
    public async Task StartAsync(Func<ServiceLevel, CancellationToken, Task<Situation?>> settled, CancellationToken cancellation)
    {
        await context.Drain.SettledAsync();
        // Those that a killed run had stopped come back too.
        var isTakenUp = context.Origin is { Run.Length: > 0 };
        var wanted = context.Situation!.Services
            .Where(state => state.Container is { } container && (container.IsRunning || isTakenUp) && (context.ServingStopped || context.Deployment.Workers.Contains(state.Service, StringComparer.Ordinal)))
            .ToList();
        context.Say($"nothing was exchanged; starting {(wanted.Count == 0 ? "nothing: nothing ran" : string.Join(" and ", wanted.Select(state => state.Service)))} again");
        foreach (var state in wanted)
        {
            cancellation.ThrowIfCancellationRequested();
            await context.Run.Shell.ChangeAsync($"docker start {state.Container!.Name}", () => context.Engine.StartAsync(state.Container.Id, CancellationToken.None));
        }
        if (!context.ServingStopped || context.Run.DryRun || context.Origin is not { Level: > ServiceLevel.Down and var level } origin)
            return;
        var after = await settled(level, cancellation);
        if (after is null || ReturnJudgement.LevelOf(after) < level)
        {
            throw new RunbookException(
                $"expected {origin.Tag} to be {level} again after it was started, found: {after?.Health.Found ?? "nothing that can be observed"}; {after?.Readiness.Found}",
                $"see {new Compose(context.Deployment).Logs(context.Deployment.Services)}", Outcome.Failed);
        }
    }
}
