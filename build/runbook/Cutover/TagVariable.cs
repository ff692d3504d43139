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
    public static async Task<IReadOnlyList<UnpinnedService>> UnpinnedAsync(Deployment deployment, Shell shell, CancellationToken cancellation)
    {
        var config = await shell.ReadAsync(new Compose(deployment).Under(ProbeTag).Config(), cancellation);
        return Unpinned(deployment, ComposeProject.Parse(config), ProbeTag);
    }

    /// <summary>The app services whose image isn't the deployment's under the tag for which the project was resolved.</summary>
    public static IReadOnlyList<UnpinnedService> Unpinned(Deployment deployment, ComposeProject project, string tag) =>
        [.. deployment.Services
            .Select(project.Service)
            .Where(service => service.Image != deployment.Reference(tag))
            .Select(service => new UnpinnedService(service.Name, service.Image))];

    /// <summary>The text of the override file that makes services follow the variable.</summary>
    public static string Override(Deployment deployment, IEnumerable<UnpinnedService> services) =>
        "services:\n" + string.Concat(services.Select(service => $"  {service.Service}:\n    image: \"{deployment.Image}:${{{deployment.TagVariable}}}\"\n"));
}
