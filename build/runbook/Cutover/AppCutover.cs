using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Cutover;

/// <summary>
/// Exchanges the running containers for those of another release. Only what must happen while nothing serves happens then (trap 13): the
/// workers, which stop slowly, are stopped beside it, and the serving services are exchanged without waiting for them.
/// </summary>
/// <param name="deployment">The deployment.</param>
/// <param name="engine">The engine it runs on.</param>
/// <param name="run">The run that does it.</param>
public sealed class AppCutover(Deployment deployment, EngineApi engine, Run run)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan EngineGrace = TimeSpan.FromSeconds(10);
    private readonly Compose _compose = new(deployment);

    // A container that isn't exchanged keeps the restarts of its past.
    private readonly Dictionary<string, int> _restartsBefore = new(StringComparer.Ordinal);

    /// <summary>Brings all app services onto the release that the env file pins, and waits until they are healthy.</summary>
    /// <param name="project">The Compose project's name.</param>
    /// <param name="imageId">The image that must run afterwards, or null when only health counts.</param>
    /// <param name="mode">How the serving services' containers are exchanged.</param>
    /// <param name="drain">Stops the workers, unless that was begun before.</param>
    /// <param name="limit">How long the containers may take to get healthy.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="RunbookException">A container isn't healthy in time, ended, or runs another image.</exception>
    /// <returns>When the last container had been started, by this host's clock, UTC.</returns>
    public async Task<DateTimeOffset> SwitchAsync(
        string project, string? imageId, CutoverMode mode, WorkerDrain drain, TimeSpan limit, CancellationToken cancellation)
    {
        var before = await engine.ContainersAsync(cancellation, $"{Labels.Project}={project}");
        foreach (var container in before)
            _restartsBefore[container.Id] = container.Restarts;
        var upLimit = UpLimit(limit, before);
        var drifted = await new DependencyDrift(deployment, engine, run.Shell).FindAsync(cancellation);
        var alone = drifted.Count > 0;
        if (alone)
        {
            run.Narration.Warn(
                $"a plain `docker compose up` wouldn't leave as it is: {string.Join("; ", drifted.Select(drift => $"{drift.Service} {drift.Why}"))}",
                "it is left as it is (--no-deps); mend that before the next deploy");
        }

        var serving = deployment.ServingServices.ToList();
        var draining = drain.StopAsync(project, cancellation);
        if (mode == CutoverMode.Overlap)
            await new OverlapCutover(deployment, engine, run).SwitchAsync(project, serving, alone, limit, upLimit, cancellation);
        // The serving services have the host to themselves while they are down. After an overlap this finds nothing to do.
        if (serving.Count > 0)
            await UpAsync(serving, alone, upLimit, cancellation);
        var started = DateTimeOffset.UtcNow;
        await Task.WhenAll(HealthyAsync(project, serving, imageId, limit, cancellation), WorkersAsync());
        return started;

        async Task WorkersAsync()
        {
            await draining;
            if (deployment.Workers.Count == 0)
                return;
            await UpAsync(deployment.Workers, alone, upLimit, cancellation);
            started = DateTimeOffset.UtcNow;
            await HealthyAsync(project, deployment.Workers, imageId, limit, cancellation);
        }
    }

    /// <summary>
    /// How long one <c>docker compose up</c> may take: as long as the services that it waits for may take to get healthy, the longest grace in which an
    /// old container stops, and a minute for the engine. A hung engine must not hold the run for ever.
    /// </summary>
    internal static TimeSpan UpLimit(TimeSpan health, IEnumerable<Container> before) =>
        health + before.Select(container => container.StopGrace ?? EngineGrace).Append(EngineGrace).Max() + TimeSpan.FromMinutes(1);

    // A Compose that was killed while it exchanged a container leaves two of one name; the next one trips over them once and sorts them out.
    private async Task UpAsync(IReadOnlyCollection<string> services, bool alone, TimeSpan limit, CancellationToken cancellation)
    {
        var up = _compose.Up(services, alone);
        try
        {
            await run.Shell.ChangeAsync(up, cancellation, limit);
        }
        catch (CommandFailedException failed) when (failed.Result.Complaint.Contains("already in use", StringComparison.Ordinal))
        {
            run.Narration.Warn(failed.Message, "trying once more");
            await run.Shell.ChangeAsync(up, cancellation, limit);
        }
    }

    private async Task HealthyAsync(string project, IReadOnlyCollection<string> services, string? imageId, TimeSpan limit, CancellationToken cancellation)
    {
        if (run.DryRun || services.Count == 0)
            return;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limit);
        IReadOnlyList<(string Service, Container? Container)> states = [];
        try
        {
            while (true)
            {
                states = await StatesAsync(project, services, deadline.Token);
                foreach (var (service, container) in states)
                    ThrowWhenHopeless(service, container, imageId);
                if (states.All(state => state.Container?.IsHealthy == true))
                    return;
                await Task.Delay(Glance, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var waiting = states.Where(state => state.Container?.IsHealthy != true)
                .Select(state => $"{state.Service} is {state.Container?.Condition ?? "missing"}");
            throw new RunbookException(
                $"expected {string.Join(" and ", services)} to be healthy within {limit.TotalSeconds:0} s, found: {string.Join(", ", waiting)}",
                $"see its log: {_compose.Logs(services)}");
        }
    }

    // Every replica: Compose has started each that is still there.
    private async Task<IReadOnlyList<(string Service, Container? Container)>> StatesAsync(
        string project, IReadOnlyCollection<string> services, CancellationToken cancellation)
    {
        var containers = await engine.ContainersAsync(cancellation, $"{Labels.Project}={project}", $"{Labels.OneOff}=False");
        return
        [
            .. services.SelectMany(service => containers.Where(container => container.Labels.GetValueOrDefault(Labels.Service) == service)
                .OrderByDescending(container => container.StartedAt).Cast<Container?>().DefaultIfEmpty(), (service, container) => (service, container)),
        ];
    }

    private void ThrowWhenHopeless(string service, Container? container, string? imageId)
    {
        if (container is null)
            return;
        if (container.State is "exited" or "dead" or "restarting" || (container.Restarts > 0 && container.Restarts > _restartsBefore.GetValueOrDefault(container.Id)))
        {
            throw new RunbookException(
                $"expected {service} to run, found it {container.State} with exit code {container.ExitCode} after {container.Restarts} restarts",
                $"see its log: {_compose.Logs([service])}");
        }
        if (container.Health == "unhealthy")
            throw new RunbookException($"expected {service} to be healthy, found it unhealthy", $"see its log: {_compose.Logs([service])}");
        if (imageId is not null && container.IsRunning && container.ImageId != imageId)
        {
            throw new RunbookException(
                $"expected {service} to run image {imageId}, found {container.ImageId} ({container.ImageReference})",
                "see that the compose files take the image from the tag variable: docker compose config");
        }
    }
}
