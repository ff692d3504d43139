using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>The lab's registry: a container beside the deployment, on loopback, with every release pushed.</summary>
/// <param name="options">The lab.</param>
/// <param name="shell">Runs the commands.</param>
internal sealed class LabRegistry(LabOptions options, Shell shell)
{
    /// <summary>The repository in the registry that holds the releases.</summary>
    public const string Repository = "cleaning/app";

    private const string PortLabel = "runback.lab.port";
    private const int SideBySide = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private string Name => $"{options.Name}-registry";

    private Uri Root => new($"http://127.0.0.1:{options.RegistryPort}/v2/");

    /// <summary>Starts the registry's container, made anew when its image or port changed, and waits until it answers. What was pushed is kept in a volume.</summary>
    public async Task StartAsync(string image, CancellationToken cancellation)
    {
        var engine = EngineApi.Shared;
        var found = await engine.ContainerAsync(Name, cancellation);
        var isAsWanted = found is { IsRunning: true } && found.ImageReference == image && found.Labels.GetValueOrDefault(PortLabel) == $"{options.RegistryPort}";
        if (!isAsWanted)
        {
            if (found is not null)
                await engine.RemoveKeepingVolumesAsync(found.Id, force: true, cancellation);
            await engine.CreateVolumeAsync(Name, new Dictionary<string, string> { [LabImage.Mark] = options.Name }, cancellation);
            var run = await shell.TryAsync(
                new Command("docker", "run", "--detach", "--name", Name, "--label", $"{LabImage.Mark}={options.Name}", "--label", $"{PortLabel}={options.RegistryPort}",
                    "--restart", "unless-stopped", "--publish", $"127.0.0.1:{options.RegistryPort}:5000", "--volume", $"{Name}:/var/lib/registry", image),
                cancellation);
            if (!run.Succeeded)
            {
                // A container that could not get its port was still created, and would be in the way of the next attempt.
                await engine.RemoveKeepingVolumesAsync(Name, force: true, CancellationToken.None);
                throw new RunbookException($"expected to start the lab's registry, found: {run.Complaint}",
                    $"if port {options.RegistryPort} is taken, give the lab another one");
            }
        }
        await Polling.UntilAsync(AnswersAsync, Patience, $"the registry at {Root}", $"look at: docker logs {Name}", cancellation);
    }

    /// <summary>Builds and pushes those releases that the registry doesn't hold as their sources are now.</summary>
    /// <returns>The tags that were pushed.</returns>
    public async Task<IReadOnlyList<string>> PublishAsync(string python, LabImageBuilder builder, CancellationToken cancellation)
    {
        List<(Release Release, LabImage Image)> missing = [];
        foreach (var release in Release.All)
        {
            var image = LabImage.Of(options, release, python);
            if (await HeldInputsAsync(release.Tag, cancellation) != image.InputsHash)
                missing.Add((release, image));
        }
        if (missing.Count > 0)
            shell.Narration.Say("  building and pushing the releases (the first takes about 15 s, the others about half a second each) …");

        async ValueTask PublishOneAsync((Release Release, LabImage Image) one, CancellationToken token)
        {
            await builder.BuildAsync(one.Image, token);
            await shell.ReadAsync(new Command("docker", "push", "--quiet", one.Image.Reference), token);
            shell.Narration.Say($"  pushed {one.Image.Reference}: {one.Release.Behaviour}");
        }

        // The first brings the layers that all of them share.
        foreach (var first in missing.Take(1))
            await PublishOneAsync(first, cancellation);
        await Parallel.ForEachAsync(missing.Skip(1), new ParallelOptions { MaxDegreeOfParallelism = SideBySide, CancellationToken = cancellation }, PublishOneAsync);
        List<string> pushed = [.. missing.Select(one => one.Release.Tag)];
        // The host keeps only the releases that it runs, as after a real deployment: the others have to be pulled.
        foreach (var tag in pushed)
            await EngineApi.Shared.RemoveImageAsync($"{options.Image}:{tag}", force: false, cancellation);
        return pushed;
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        using var answer = await Http.GetAsync(Root, cancellation);
        if (answer.StatusCode != HttpStatusCode.OK)
            throw new HttpRequestException($"status {(int)answer.StatusCode}");
        return true;
    }

    // The label that the image's configuration holds (OCI distribution: manifest, then the blob of its config).
    private async Task<string?> HeldInputsAsync(string tag, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Root, $"{Repository}/manifests/{tag}"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.docker.distribution.manifest.v2+json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.oci.image.manifest.v1+json"));
        using var answer = await Http.SendAsync(request, cancellation);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        answer.EnsureSuccessStatusCode();
        using var manifest = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
        var config = manifest.RootElement.GetProperty("config").GetProperty("digest").GetString();
        using var image = JsonDocument.Parse(await Http.GetStringAsync(new Uri(Root, $"{Repository}/blobs/{config}"), cancellation));
        return image.RootElement.TryGetProperty("config", out var settings)
            && settings.TryGetProperty("Labels", out var labels) && labels.ValueKind == JsonValueKind.Object
            && labels.TryGetProperty(LabImage.InputsLabel, out var inputs) ? inputs.GetString() : null;
    }
}
