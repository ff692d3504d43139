using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Cutover;

/// <summary>
/// Starts a second container of a service on the pinned release beside the old one, and removes the old one when the new one is healthy.
/// The service's name leads to both meanwhile; a proxy that looks it up for each connection notices nothing.
/// </summary>
/// <param name="deployment">The deployment.</param>
/// <param name="engine">The engine it runs on.</param>
/// <param name="run">The run that does it.</param>
public sealed class OverlapCutover(Deployment deployment, EngineApi engine, Run run)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(150);
    private readonly Compose _compose = new(deployment);

    /// <summary>Exchanges the containers of the services, one service after the other.</summary>
    /// <exception cref="RunbookException">A new container doesn't get healthy; it is removed then, and the old one goes on serving.</exception>
    public async Task SwitchAsync(string project, IReadOnlyList<string> services, bool alone, TimeSpan limit, TimeSpan upLimit, CancellationToken cancellation)
    {
        foreach (var service in services)
        {
            var old = await ContainersAsync(project, service, cancellation);
            await run.Shell.ChangeAsync(_compose.UpBeside(service, old.Count + 1, alone), cancellation, upLimit);
            if (run.DryRun)
                continue;
            var added = (await ContainersAsync(project, service, cancellation)).Where(container => old.All(one => one.Id != container.Id)).ToList();
            await HealthyAsync(service, added, limit, cancellation);
            foreach (var container in old)
            {
                cancellation.ThrowIfCancellationRequested();
                await run.Shell.ChangeAsync($"docker stop {container.Name}", () => engine.StopAsync(container));
                await run.Shell.ChangeAsync($"docker rm {container.Name}", () => engine.RemoveKeepingVolumesAsync(container.Id, force: false, CancellationToken.None));
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task HealthyAsync(string service, IReadOnlyList<Container> added, TimeSpan limit, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limit);
        try
        {
            foreach (var container in added)
            {
                while (await engine.ContainerAsync(container.Id, deadline.Token) is not { IsHealthy: true })
                    await Task.Delay(Glance, deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var container in added)
                await run.Shell.ChangeAsync($"docker rm --force {container.Name}", () => engine.RemoveKeepingVolumesAsync(container.Id, force: true, CancellationToken.None));
            cancellation.ThrowIfCancellationRequested();
            throw new RunbookException(
                $"expected the new container of {service} to be healthy within {limit.TotalSeconds:0} s, found it isn't; it was removed and the old one still serves",
                "try the release by hand, or see the log in the run's folder");
        }
    }

    private async Task<IReadOnlyList<Container>> ContainersAsync(string project, string service, CancellationToken cancellation) =>
        await engine.ContainersAsync(cancellation, $"{Labels.Project}={project}", $"{Labels.Service}={service}", $"{Labels.OneOff}=False");
}
