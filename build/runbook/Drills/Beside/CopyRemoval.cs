using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills.Beside;

/// <summary>Removes copies of a deployment with all that belongs to them. Everything is found by the label that only copies carry.</summary>
/// <param name="original">The deployment.</param>
/// <param name="project">Its Compose project's name.</param>
/// <param name="engine">The engine it runs on.</param>
public sealed class CopyRemoval(Deployment original, string project, EngineApi engine)
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
                removed.AddRange(await RehearsalLeftovers.RemoveAsync(name, "", patience.Token));
            removed.AddRange(await RemoveAsync(patience.Token));
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

    private async Task<IReadOnlyList<string>> RemoveAsync(CancellationToken cancellation)
    {
        var found = await LeftAsync(cancellation);
        foreach (var container in await engine.ListAsync(cancellation, Label))
            await engine.RemoveAsync(container.Id, cancellation);
        foreach (var (network, _) in await engine.NetworksAsync(cancellation, Label))
            await engine.RemoveNetworkAsync(network, cancellation);
        foreach (var volume in await engine.VolumesAsync(Label, cancellation))
        {
            try
            {
                await engine.RemoveVolumeAsync(volume, cancellation);
            }
            catch (EngineException)
            {
                // Its container is still going: what is left is told.
            }
        }
        return found;
    }

    private async Task<IReadOnlyList<string>> LeftAsync(CancellationToken cancellation) =>
    [
        .. (await engine.ListAsync(cancellation, Label)).Select(container => container.Name),
        .. (await engine.NetworksAsync(cancellation, Label)).Select(network => network.Name),
        .. await engine.VolumesAsync(Label, cancellation),
    ];

    private string Label => $"{Labels.Drill}={project}";
}
