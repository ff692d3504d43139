using Runback.Runbook.Engines;

namespace Runback.Runbook.Deployments;

/// <summary>Looks at what the app services run.</summary>
public static class ServiceObserver
{
    /// <summary>The state of every app service, in the deployment's order.</summary>
    public static async Task<IReadOnlyList<ServiceState>> ObserveAsync(
        Deployment deployment, string project, EngineApi engine, CancellationToken cancellation)
    {
        var containers = await engine.ContainersAsync(cancellation, $"{Labels.Project}={project}", $"{Labels.OneOff}=False");
        return await OfAsync(deployment, containers, engine, cancellation);
    }

    internal static async Task<IReadOnlyList<ServiceState>> OfAsync(
        Deployment deployment, IReadOnlyList<Container> containers, EngineApi engine, CancellationToken cancellation)
    {
        var states = new List<ServiceState>();
        foreach (var service in deployment.Services)
        {
            var candidates = containers.Where(candidate => candidate.Labels.GetValueOrDefault(Labels.Service) == service).ToList();
            var container = candidates
                .OrderByDescending(candidate => candidate.IsRunning)
                .ThenByDescending(candidate => candidate.StartedAt)
                .FirstOrDefault();
            // Of several that run, one on another image than the newest is what counts: the release isn't exchanged until it is gone.
            container = candidates.Where(candidate => candidate.IsRunning && candidate.ImageId != container?.ImageId).MinBy(candidate => candidate.StartedAt) ?? container;
            var image = container is null ? null : await engine.ImageAsync(container.ImageId, cancellation);
            states.Add(new ServiceState(service, container, image, image?.DigestIn(deployment.Image, ReleaseReference.Parse(container!.ImageReference).Digest))
            {
                Replicas = [.. candidates.Where(candidate => candidate.State is "running" or "restarting" or "paused")],
            });
        }
        return states;
    }
}
