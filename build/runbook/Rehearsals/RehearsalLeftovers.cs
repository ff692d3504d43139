using Runback.Runbook.Backups;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;

namespace Runback.Runbook.Rehearsals;

/// <summary>What runs that were killed have left: throw-away containers, running ones too, and the networks they were on.</summary>
public static class RehearsalLeftovers
{
    /// <summary>Removes those of every other run of a deployment. The caller holds the deployment, so no other run is alive.</summary>
    /// <param name="project">The Compose project.</param>
    /// <param name="ownRun">The run whose own are left alone.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The names of what was removed.</returns>
    public static async Task<IReadOnlyList<string>> RemoveAsync(string project, string ownRun, CancellationToken cancellation)
    {
        var engine = EngineApi.Shared;
        string[] labels = [$"{Labels.Deployment}={project}", Labels.Scratch];
        var removed = new List<string>();
        foreach (var container in (await engine.ListAsync(cancellation, labels)).Where(one => one.Labels.GetValueOrDefault(Labels.Scratch) != ownRun))
        {
            await ScratchContainer.RemoveAsync(container.Name);
            removed.Add(container.Name);
        }
        foreach (var (name, _) in (await engine.NetworksAsync(cancellation, labels)).Where(one => one.Labels.GetValueOrDefault(Labels.Scratch) != ownRun))
        {
            if (await engine.RemoveNetworkAsync(name, cancellation))
                removed.Add(name);
        }
        return removed;
    }
}
