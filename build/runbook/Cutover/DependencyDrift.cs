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
public sealed class DependencyDrift(Deployment deployment, EngineApi engine, Shell shell)
{
    private const string HashLabel = "com.docker.compose.config-hash";
    private readonly Compose _compose = new(deployment);

    /// <summary>The services that would be exchanged, sorted; a service without a container is one.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellation)
    {
        var project = ComposeProject.Parse(await shell.ReadAsync(_compose.Config(), cancellation));
        var hashes = Hashes(await shell.ReadAsync(_compose.ConfigHashes(), cancellation));
        var containers = await engine.ContainersAsync(cancellation, $"{Labels.Project}={project.Name}", $"{Labels.OneOff}=False");
        var drifted = new List<string>();
        foreach (var service in project.DependenciesOf(deployment.Services).Except(deployment.Services, StringComparer.Ordinal))
        {
            var container = containers.FirstOrDefault(candidate => candidate.Labels.GetValueOrDefault(Labels.Service) == service);
            var image = project.Service(service).Image is { } reference ? await engine.ImageAsync(reference, cancellation) : null;
            if (container is not { IsRunning: true } || container.Labels.GetValueOrDefault(HashLabel) != hashes.GetValueOrDefault(service) || image?.Id != container.ImageId)
                drifted.Add(service);
        }
        drifted.Sort(StringComparer.Ordinal);
        return drifted;
    }

    /// <summary>Reads the output of <c>docker compose config --hash '*'</c>: a service and its hash for a line.</summary>
    internal static Dictionary<string, string> Hashes(string output) => output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' ', 2))
        .Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
