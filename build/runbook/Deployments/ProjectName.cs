using System.Collections.Concurrent;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Deployments;

/// <summary>A deployment's Compose project by name. It stays what it is for as long as a run lasts, so Compose is asked for it once.</summary>
internal static class ProjectName
{
    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    /// <summary>The name: the profile's, else what Compose makes of files, folder and environment.</summary>
    /// <exception cref="CommandFailedException">The compose files can't be read.</exception>
    public static async Task<string> OfAsync(Deployment deployment, Shell shell, CancellationToken cancellation) =>
        deployment.ProjectName ?? (Known.TryGetValue(Key(deployment), out var name)
            ? name
            : Learn(deployment, ComposeProject.Parse(await shell.ReadAsync(new Compose(deployment).Config(), cancellation))).Name);

    /// <summary>Remembers the name of a project that was resolved.</summary>
    public static ComposeProject Learn(Deployment deployment, ComposeProject project)
    {
        Known[Key(deployment)] = project.Name;
        return project;
    }

    private static string Key(Deployment deployment) => string.Join('\n', [deployment.Directory, deployment.EnvFilePath, .. deployment.ComposeFiles]);
}
