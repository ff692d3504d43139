using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>
/// Removes what a lab made, found by labels and not by its compose file: so it also works when the folder is gone, or when a start was
/// killed half-way.
/// </summary>
/// <param name="options">The lab.</param>
/// <param name="shell">Runs the commands.</param>
internal sealed class LabTeardown(LabOptions options, Shell shell)
{
    private readonly EngineApi _engine = EngineApi.Shared;

    private string[] Labels =>
    [
        $"com.docker.compose.project={options.Name}",
        $"{LabImage.Mark}={options.Name}",
        $"{Runback.Runbook.Deployments.Labels.Deployment}={options.Name}",
        $"{Runback.Runbook.Deployments.Labels.Drill}={options.Name}",
    ];

    /// <summary>Removes containers, networks, volumes and, unless they are to be kept, images.</summary>
    /// <exception cref="RunbookException">Another deployment has the lab's name, or something can't be removed.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await new Provisioner(shell).EnsureAsync(options.Provision, cancellation);
        await ThrowUnlessLabAsync(cancellation);
        foreach (var label in Labels)
        {
            await ContainersAsync(label, cancellation);
            await EachAsync("networks", [.. (await _engine.NetworksAsync(cancellation, label)).Select(one => one.Name)], async name =>
            {
                if (!await _engine.RemoveNetworkAsync(name, cancellation))
                    throw new RunbookException($"expected nobody on the lab's network {name}, found a container there", $"look at: docker network inspect {name}");
            });
            await EachAsync("volumes", await _engine.VolumesAsync(label, cancellation), name => _engine.RemoveVolumeAsync(name, cancellation));
        }
        if (!options.KeepImages)
            await RemoveImagesAsync(cancellation);
    }

    // Side by side, as `docker rm` does it.
    private async Task ContainersAsync(string label, CancellationToken cancellation)
    {
        var found = await _engine.ListAsync(cancellation, label);
        if (found.Count > 0)
            shell.Narration.Say($"  removing {found.Count} containers");
        await Task.WhenAll(found.Select(one => _engine.RemoveAsync(one.Id, cancellation)));
    }

    // Every image of a lab is marked, and so are its containers: a project with others in it is somebody's deployment.
    private async Task ThrowUnlessLabAsync(CancellationToken cancellation)
    {
        var foreign = (await _engine.ListAsync(cancellation, Labels[0])).Where(one => one.Labels.GetValueOrDefault(LabImage.Mark, "").Length == 0).Select(one => one.Name).ToList();
        if (foreign.Count > 0)
        {
            throw RunbookException.Refused(
                $"expected only a lab's containers in the project {options.Name}, found {string.Join(", ", foreign)}", "that is another deployment: nothing was removed");
        }
    }

    private async Task RemoveImagesAsync(CancellationToken cancellation)
    {
        // Another lab's container may need one: it stays for the last of them.
        await EachAsync("releases", await _engine.ImagesWithAsync($"{LabImage.RepositoryLabel}={options.Image}", cancellation), id => _engine.RemoveImageAsync(id, force: true, cancellation));
        // The other images serve every lab on this host: the last one takes them along.
        if ((await _engine.ListAsync(cancellation, LabImage.Mark)).Count > 0)
            return;
        var brought = await Task.WhenAll((await _engine.ImagesWithAsync(BaseImage.BroughtLabel, cancellation)).Select(id => _engine.ImageAsync(id, cancellation)));
        await EachAsync("images", await _engine.ImagesWithAsync(LabImage.Mark, cancellation), id => _engine.RemoveImageAsync(id, force: true, cancellation));
        foreach (var debian in brought.Select(image => image?.Labels.GetValueOrDefault(BaseImage.BroughtLabel) ?? "").Where(name => name.Length > 0).Distinct(StringComparer.Ordinal))
            await _engine.RemoveImageAsync(debian, force: false, cancellation);
    }

    private async Task EachAsync(string what, IReadOnlyList<string> found, Func<string, Task> remove)
    {
        if (found.Count > 0)
            shell.Narration.Say($"  removing {found.Count} {what}");
        // The newest first, one by one: an image can't go before those that were made from it.
        foreach (var one in found)
            await remove(one);
    }
}
