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
    private string[] Labels =>
    [
        $"com.docker.compose.project={options.Name}",
        $"{LabImage.Mark}={options.Name}",
        $"{Runback.Runbook.Deployments.Labels.Deployment}={options.Name}",
        $"{Runback.Runbook.Deployments.Labels.Drill}={options.Name}",
    ];

    /// <summary>Removes containers, networks, volumes and, unless they are to be kept, images.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await new Provisioner(shell).EnsureAsync(options.Provision, cancellation);
        await ThrowUnlessLabAsync(cancellation);
        foreach (var label in Labels)
        {
            await EachAsync(["ps", "--all", "--quiet", "--filter", $"label={label}"], ["rm", "--force", "--volumes"], "containers", cancellation);
            await EachAsync(["network", "ls", "--quiet", "--filter", $"label={label}"], ["network", "rm"], "networks", cancellation);
            await EachAsync(["volume", "ls", "--quiet", "--filter", $"label={label}"], ["volume", "rm"], "volumes", cancellation);
        }
        if (!options.KeepImages)
            await RemoveImagesAsync(cancellation);
    }

    // Every image of a lab is marked, and so are its containers: a project with others in it is somebody's deployment.
    private async Task ThrowUnlessLabAsync(CancellationToken cancellation)
    {
        var containers = await Docker.LinesAsync(
            shell, cancellation, "ps", "--all", "--filter", $"label=com.docker.compose.project={options.Name}", "--format", $"{{{{.Names}}}} {{{{.Label \"{LabImage.Mark}\"}}}}");
        var foreign = containers.Select(line => line.Split(' ', 2)).Where(parts => parts.Length < 2 || parts[1].Trim().Length == 0).Select(parts => parts[0]).ToList();
        if (foreign.Count > 0)
        {
            throw RunbookException.Refused(
                $"expected only a lab's containers in the project {options.Name}, found {string.Join(", ", foreign)}", "that is another deployment: nothing was removed");
        }
    }

    private async Task RemoveImagesAsync(CancellationToken cancellation)
    {
        await EachAsync(["image", "ls", "--quiet", "--filter", $"label={LabImage.RepositoryLabel}={options.Image}"], ["image", "rm", "--force"], "releases", cancellation);
        // The other images serve every lab on this host: the last one takes them along.
        if ((await Docker.LinesAsync(shell, cancellation, "ps", "--all", "--quiet", "--filter", $"label={LabImage.Mark}")).Count > 0)
            return;
        var brought = await Docker.LinesAsync(shell, cancellation, "image", "ls", "--quiet", "--filter", $"label={BaseImage.BroughtLabel}=true");
        await EachAsync(["image", "ls", "--quiet", "--filter", $"label={LabImage.Mark}"], ["image", "rm", "--force"], "images", cancellation);
        if (brought.Count > 0)
            await shell.TryAsync(new Command("docker", "image", "rm", BaseImage.Debian), cancellation);
    }

    private async Task EachAsync(string[] list, string[] remove, string what, CancellationToken cancellation)
    {
        var found = (await Docker.LinesAsync(shell, cancellation, list)).Distinct(StringComparer.Ordinal).ToList();
        if (found.Count == 0)
            return;
        shell.Narration.Say($"  removing {found.Count} {what}");
        var result = await shell.TryAsync(new Command("docker", remove).With(found), cancellation);
        // Another's hands may have been quicker; only what is still there counts.
        if (!result.Succeeded && (await Docker.LinesAsync(shell, cancellation, list)).Count > 0 && what is not "images")
            throw new CommandFailedException(new Command("docker", remove).With(found), result);
    }
}
