using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Cutover;

/// <summary>An app service whose image doesn't follow the tag variable.</summary>
/// <param name="Service">The service.</param>
/// <param name="Image">What the compose file gives it, or null when it only builds.</param>
public sealed record UnpinnedService(string Service, string? Image);

/// <summary>Finds out whether the tag variable decides what every app service runs (trap 2): where it doesn't, an override silently does nothing.</summary>
public static class TagVariable
{
    private const string ProbeTag = "runback-probe";

    /// <summary>The app services that don't follow the variable, seen by letting Compose resolve the project under another tag.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="shell">Runs Compose.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<IReadOnlyList<UnpinnedService>> UnpinnedAsync(Deployment deployment, Shell shell, CancellationToken cancellation) =>
        Unpinned(deployment, await ProbedAsync(deployment, shell, cancellation), ProbeTag);

    /// <summary>The project as Compose resolves it under a tag that no release has.</summary>
    public static async Task<ComposeProject> ProbedAsync(Deployment deployment, Shell shell, CancellationToken cancellation) =>
        ComposeProject.Parse(await shell.ReadAsync(new Compose(deployment).Under(ProbeTag).Config(), cancellation));

    /// <summary>The app services that don't follow the variable in a project that was resolved so.</summary>
    public static IReadOnlyList<UnpinnedService> Unpinned(Deployment deployment, ComposeProject probed) => Unpinned(deployment, probed, ProbeTag);

    /// <summary>The app services whose image isn't the deployment's under the tag for which the project was resolved.</summary>
    public static IReadOnlyList<UnpinnedService> Unpinned(Deployment deployment, ComposeProject project, string tag) =>
        [.. deployment.Services
            .Select(project.Service)
            .Where(service => service.Image != deployment.Reference(tag))
            .Select(service => new UnpinnedService(service.Name, service.Image))];

    /// <summary>The services beside the app's whose image follows the variable: the pin would be theirs too.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="now">The project as it is pinned.</param>
    /// <param name="probed">The project under another tag.</param>
    public static IReadOnlyList<ComposeService> Others(Deployment deployment, ComposeProject now, ComposeProject probed) =>
        [.. now.Services.Values
            .Where(service => !deployment.Services.Contains(service.Name, StringComparer.Ordinal))
            .Where(service => probed.Services.TryGetValue(service.Name, out var other) && other.Image != service.Image)
            .OrderBy(service => service.Name, StringComparer.Ordinal)];

    /// <summary>The text of the override file that makes services follow the variable.</summary>
    public static string Override(Deployment deployment, IEnumerable<UnpinnedService> services) =>
        "services:\n" + string.Concat(services.Select(service => $"  {service.Service}:\n    image: \"{deployment.Image}:${{{deployment.TagVariable}}}\"\n"));
}
