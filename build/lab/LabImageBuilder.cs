using System.Diagnostics;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;

namespace Runback.Lab;

/// <summary>Builds the lab's images, those whose inputs changed.</summary>
/// <param name="shell">Runs the commands.</param>
internal sealed class LabImageBuilder(Shell shell)
{
    private const int Attempts = 3;

    // What the engine says of a layer that is gone.
    private static readonly string[] Removed = ["failed to get digest", "no such image", "unknown parent image"];

    /// <summary>Builds an image unless it is on this host already.</summary>
    /// <param name="image">The image.</param>
    /// <param name="roughly">How long it takes, for a person who waits.</param>
    /// <param name="cancellation">Ends the build.</param>
    public async Task EnsureAsync(LabImage image, string roughly, CancellationToken cancellation)
    {
        if (await EngineApi.Shared.ImageAsync(image.Reference, cancellation) is not null)
            return;
        shell.Narration.Say($"  building {image.Reference} ({roughly}) …");
        var watch = Stopwatch.StartNew();
        await BuildAsync(image, cancellation);
        shell.Narration.Say($"  built {image.Reference} in {watch.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>Builds an image, whether it is there or not.</summary>
    public async Task BuildAsync(LabImage image, CancellationToken cancellation)
    {
        var context = Directory.CreateTempSubdirectory("runback-lab-context-").FullName;
        try
        {
            foreach (var (path, file) in image.Files)
            {
                var target = Path.Combine(context, path);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
            await BuildAsync(BuildCommand(image, context), cancellation);
        }
        finally
        {
            Directory.Delete(context, recursive: true);
        }
    }

    // Labs share their first layers: one that tidies up may remove a layer just when another's build has found it.
    private async Task BuildAsync(Command command, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await shell.TryAsync(command, cancellation);
            if (result.Succeeded)
                return;
            if (attempt == Attempts || !Array.Exists(Removed, sign => result.Error.Contains(sign, StringComparison.OrdinalIgnoreCase)))
                throw new CommandFailedException(command, result);
        }
    }

    // The classic builder leaves nothing but the image behind; BuildKit keeps a cache that no label reaches.
    // The host's network: a machine's package mirror or resolver may be reachable from the host only.
    private static Command BuildCommand(LabImage image, string context) =>
        new Command("docker", "build", "--quiet", "--force-rm", "--network", "host", "--tag", image.Reference, "--file", image.Dockerfile)
            .With(image.Arguments.SelectMany(argument => new[] { "--build-arg", $"{argument.Key}={argument.Value}" }))
            .With("--label", $"{LabImage.Mark}=image", "--label", $"{LabImage.InputsLabel}={image.InputsHash}")
            .With(image.Labels.SelectMany(label => new[] { "--label", $"{label.Key}={label.Value}" }))
            .With(context)
            .WithEnvironment("DOCKER_BUILDKIT", "0");
}
