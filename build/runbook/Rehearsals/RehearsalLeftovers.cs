using Runback.Runbook.Backups;
using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Rehearsals;

/// <summary>What runs that were killed have left: throw-away containers, running ones too, and the networks they were on.</summary>
public static class RehearsalLeftovers
{
    /// <summary>Removes those of every other run of a deployment. The caller holds the deployment, so no other run is alive.</summary>
    /// <param name="project">The Compose project.</param>
    /// <param name="ownRun">The run whose own are left alone.</param>
    /// <param name="shell">Runs the commands.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The names of what was removed.</returns>
    public static async Task<IReadOnlyList<string>> RemoveAsync(string project, string ownRun, Shell shell, CancellationToken cancellation)
    {
        var removed = new List<string>();
        foreach (var name in await ListAsync(["ps", "--all"], "{{.Names}}", project, ownRun, shell, cancellation))
        {
            await ScratchContainer.RemoveAsync(name, shell);
            removed.Add(name);
        }
        foreach (var name in await ListAsync(["network", "ls"], "{{.Name}}", project, ownRun, shell, cancellation))
        {
            if ((await shell.TryAsync(new Command("docker", "network", "rm", name), cancellation)).Succeeded)
                removed.Add(name);
        }
        return removed;
    }

    private static async Task<IReadOnlyList<string>> ListAsync(
        IEnumerable<string> list, string name, string project, string ownRun, Shell shell, CancellationToken cancellation)
    {
        var output = await shell.ReadAsync(
            new Command("docker", [.. list]).With(
                "--filter", $"label={Labels.Deployment}={project}", "--filter", $"label={Labels.Scratch}", "--format", $"{name}\t{{{{.Label \"{Labels.Scratch}\"}}}}"), cancellation);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Where(line => line[1] != ownRun).Select(line => line[0])];
    }
}
