using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Cutover;

/// <summary>
/// Finds the services beside the app's that a plain <c>up</c> of an app service would exchange through <c>depends_on</c> (trap 11): those whose
/// container isn't what the compose files and the host's images say now. Where there are any, <c>--no-deps</c> keeps them; where there are none
/// it must not be used, because Compose then notes a configuration without <c>depends_on</c>, and the next plain <c>up</c> exchanges the app
/// services once more (seen with Compose 2.26).
/// </summary>
/// <param name="deployment">The deployment.</param>
/// <param name="engine">The engine it runs on.</param>
/// <param name="shell">Runs Compose.</param>
internal sealed class DependencyDrift(Deployment deployment, EngineApi engine, Shell shell)
{
    private const string HashLabel = "com.docker.compose.config-hash";
    private readonly Compose _compose = new(deployment);

    /// <summary>A service that a plain <c>up</c> wouldn't leave as it is.</summary>
    /// <param name="Service">Its name.</param>
    /// <param name="Why">What is found, to follow its name.</param>
    internal sealed record Drift(string Service, string Why);

    /// <summary>Those services, sorted; a service without a container is one.</summary>
    public async Task<IReadOnlyList<Drift>> FindAsync(CancellationToken cancellation)
    {
        var project = ComposeProject.Parse(await shell.ReadAsync(_compose.Config(), cancellation));
        var hashes = Hashes(await shell.ReadAsync(_compose.ConfigHashes(), cancellation));
        var containers = await engine.ContainersAsync(cancellation, $"{Labels.Project}={project.Name}", $"{Labels.OneOff}=False");
        var drifted = new List<Drift>();
        foreach (var service in project.DependenciesOf(deployment.Services).Except(deployment.Services, StringComparer.Ordinal))
        {
            var container = containers.FirstOrDefault(candidate => candidate.Labels.GetValueOrDefault(Labels.Service) == service);
            var image = project.Service(service).Image is { } reference ? await engine.ImageAsync(reference, cancellation) : null;
            if (Of(service, container, hashes.GetValueOrDefault(service), image?.Id) is { } drift)
                drifted.Add(drift);
        }
        return [.. drifted.OrderBy(drift => drift.Service, StringComparer.Ordinal)];
    }

    /// <summary>What is found of a service; null when it is as the compose files and the host's images say.</summary>
    internal static Drift? Of(string service, Container? container, string? hash, string? imageId) => container switch
    {
        null => new Drift(service, "has no container"),
        // What is paused or stopped is what it was, and only doesn't run.
        { State: "paused" } => new Drift(service, $"is paused (docker unpause {container.Name})"),
        { IsRunning: false } => new Drift(service, $"doesn't run: {container.State}"),
        _ when container.Labels.GetValueOrDefault(HashLabel) != hash => new Drift(service, "was started otherwise than the compose files say now"),
        _ when imageId != container.ImageId => new Drift(service, "runs another image than its reference stands for on this host now"),
        _ => null,
    };

    /// <summary>Reads the output of <c>docker compose config --hash '*'</c>: a service and its hash for a line.</summary>
    internal static Dictionary<string, string> Hashes(string output) => output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' ', 2))
        .Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
