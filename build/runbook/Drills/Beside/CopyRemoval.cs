using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills.Beside;

/// <summary>Removes copies of a deployment with all that belongs to them. Everything is found by the label that only copies carry.</summary>
/// <param name="original">The deployment.</param>
/// <param name="project">Its Compose project's name.</param>
/// <param name="shell">Runs the commands.</param>
public sealed class CopyRemoval(Deployment original, string project, Shell shell)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Removes every copy. The caller holds the deployment's drills, so no other drill is alive.</summary>
    /// <returns>What was removed, and what couldn't be.</returns>
    public async Task<(IReadOnlyList<string> Removed, IReadOnlyList<string> Left)> RunAsync()
    {
        // An interruption must not leave a copy of production's data behind.
        using var patience = new CancellationTokenSource(Patience);
        var removed = new List<string>();
        try
        {
            foreach (var name in Names())
                removed.AddRange(await RehearsalLeftovers.RemoveAsync(name, "", shell, patience.Token));
            removed.AddRange(await RemoveAsync(["ps", "--all"], "{{.Names}}", ["rm", "--force", "--volumes"], patience.Token));
            removed.AddRange(await RemoveAsync(["network", "ls"], "{{.Name}}", ["network", "rm"], patience.Token));
            removed.AddRange(await RemoveAsync(["volume", "ls"], "{{.Name}}", ["volume", "rm", "--force"], patience.Token));
            foreach (var folder in Folders())
                Directory.Delete(folder, recursive: true);
            if (Directory.Exists(DrillCopy.FolderOf(original)))
                Directory.Delete(DrillCopy.FolderOf(original));
            return (removed, await LeftAsync(patience.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or RunbookException or IOException or UnauthorizedAccessException)
        {
            return (removed, [exception is OperationCanceledException ? $"the engine hasn't answered within {Patience.TotalSeconds:0} s" : exception.Message]);
        }
    }

    private IEnumerable<string> Folders() => Directory.Exists(DrillCopy.FolderOf(original)) ? Directory.EnumerateDirectories(DrillCopy.FolderOf(original)) : [];

    private IEnumerable<string> Names() => Folders().Select(folder => DrillCopy.NameOf(project, Path.GetFileName(folder)));

    private async Task<IReadOnlyList<string>> RemoveAsync(string[] list, string format, string[] remove, CancellationToken cancellation)
    {
        var names = await ListAsync(list, format, cancellation);
        if (names.Count > 0)
            await shell.TryAsync(new Command("docker", [.. remove, .. names]), cancellation);
        return names;
    }

    private async Task<IReadOnlyList<string>> LeftAsync(CancellationToken cancellation) =>
    [
        .. await ListAsync(["ps", "--all"], "{{.Names}}", cancellation),
        .. await ListAsync(["network", "ls"], "{{.Name}}", cancellation),
        .. await ListAsync(["volume", "ls"], "{{.Name}}", cancellation),
    ];

    private async Task<IReadOnlyList<string>> ListAsync(string[] list, string format, CancellationToken cancellation) =>
        [.. (await shell.ReadAsync(new Command("docker", list).With("--filter", $"label={Labels.Drill}={project}", "--format", format), cancellation))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
