using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Runback.Lab.Tests.Rollbacks;

namespace Runback.Lab.Tests.Faults;

/// <summary>The registry is down or silent, or a tag moves.</summary>
internal static class RegistryRows
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new(Tier.Thorough, "the registry is down and the host has the image", Scene.AppOnly, Moment.Start, Container(FaultKind.RegistryDown, "stop", "start"), 0, 3),
        new(Tier.Thorough, "the registry is down and the host hasn't the image", Scene.Older, Moment.Start, Container(FaultKind.RegistryDown, "stop", "start", removesImage: true), 3),
        new(Tier.Thorough, "the registry takes connections and never answers", Scene.Older, Moment.Start, Container(FaultKind.RegistrySilent, "pause", "unpause", removesImage: true), 3),
        new(Tier.Thorough, "the registry gives other bytes than its digest says", Scene.Older, Moment.Start, new(FaultKind.RegistryLies, Prepare: SpoilLayerAsync, Mend: MoveBackAsync), 3) { Also = (_, ended) => SaysAsync(ended, "verification failed") },
        new(Tier.Default, "the engine's disk is full while the image is pulled", Scene.Older, Moment.Start, new(FaultKind.EngineDiskFull, Prepare: FillEngineAsync, Mend: RoomAgainAsync), 3) { IsAlone = true, Also = (_, ended) => SaysAsync(ended, "no space left") },
        new(Tier.Thorough, "somebody moves the tag between the pull and the cutover", Scene.AppOnly, Moment.Begun("pg_dump"), new(FaultKind.TagMoved, Strike: MoveTagAsync, Mend: MoveBackAsync), 0) { Also = RunsWhatWasPulledAsync },
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Fault Container(FaultKind kind, string fault, string mend, bool removesImage = false) => new(
        kind,
        Prepare: async trial =>
        {
            if (removesImage)
                await ForgetAsync(trial);
            await TellAsync(trial, fault);
        },
        Mend: trial => TellAsync(trial, mend));

    /// <summary>The registry goes away.</summary>
    public static Task StopAsync(Trial trial) => TellAsync(trial, "stop");

    /// <summary>The registry comes back, and answers.</summary>
    public static Task StartAsync(Trial trial) => TellAsync(trial, "start");

    private static async Task TellAsync(Trial trial, string verb)
    {
        await Trial.ShellAsync("docker", verb, $"{trial.Lab.Options.Name}-registry");
        if (verb is "start" or "unpause")
            await AnswersAsync(trial);
    }

    private static async Task AnswersAsync(Trial trial)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"http://127.0.0.1:{trial.Lab.Options.RegistryPort}/v2/"), Cancellation);
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !Cancellation.IsCancellationRequested)
            {
                await Task.Delay(100, Cancellation);
            }
        }
    }

    // The host has never had that release: nobody runs it, and nothing keeps it.
    private static async Task ForgetAsync(Trial trial)
    {
        foreach (var keeper in await trial.Lab.Docker("ps", "--all", "--quiet", "--filter", $"label=dev.runback.keeps={trial.Scene.To}", "--filter", $"label=dev.runback.deployment={trial.Lab.Options.Name}"))
            await trial.Lab.Docker("rm", "--force", keeper);
        foreach (var image in (await trial.Lab.Docker("images", "--format", "{{.ID}} {{.Tag}}", "--no-trunc", trial.Production.Image)).Where(line => line.EndsWith(trial.Scene.To, StringComparison.Ordinal)))
            await trial.Lab.Docker("rmi", "--force", image.Split(' ')[0]);
    }

    private static Task SaysAsync(Ended ended, string part)
    {
        Assert.Contains(part, ended.Complaint, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    // The registry keeps a layer's bytes in a file of that name.
    private static async Task SpoilLayerAsync(Trial trial)
    {
        await UniqueAsync(trial);
        var manifest = JsonNode.Parse(await ManifestAsync(trial, trial.Scene.To))!;
        var digest = manifest["layers"]!.AsArray()[^1]!["digest"]!.ToString()["sha256:".Length..];
        await Trial.ShellAsync(
            "docker", "exec", $"{trial.Lab.Options.Name}-registry", "dd", "if=/dev/zero",
            $"of=/var/lib/registry/docker/registry/v2/blobs/sha256/{digest[..2]}/{digest}/data", "bs=16", "count=1", "seek=100", "conv=notrunc");
    }

    // What the engine downloads is on its disk until it is unpacked.
    private static async Task FillEngineAsync(Trial trial)
    {
        await UniqueAsync(trial);
        var root = await Trial.ShellAsync("docker", "info", "--format", "{{.DockerRootDir}}");
        trial.Disk = trial.With(await SmallDisk.MountAsync(Path.Combine(root, "tmp"), "4k"));
        trial.Disk.Fill();
    }

    private static async Task RoomAgainAsync(Trial trial)
    {
        await trial.Disk!.UnmountAsync();
        await MoveBackAsync(trial);
    }

    // The release with a layer that the host can't have: the labs' images share theirs.
    private static async Task UniqueAsync(Trial trial)
    {
        trial.Manifest = await ManifestAsync(trial, trial.Scene.To);
        var (image, container) = ($"{trial.Production.Image}:{trial.Scene.To}", $"{trial.Lab.Options.Name}-unique");
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, System.Security.Cryptography.RandomNumberGenerator.GetBytes(100_000), Cancellation);
        await Trial.ShellAsync("docker", "create", "--name", container, image);
        await Trial.ShellAsync("docker", "cp", file, $"{container}:/unique");
        await Trial.ShellAsync("docker", "commit", container, image);
        await Trial.ShellAsync("docker", "push", "--quiet", image);
        await Trial.ShellAsync("docker", "rm", container);
        File.Delete(file);
        await ForgetAsync(trial);
    }

    private static async Task MoveTagAsync(Trial trial)
    {
        trial.Manifest = await ManifestAsync(trial, trial.Scene.To);
        await PutAsync(trial, trial.Scene.To, await ManifestAsync(trial, Production.NeverReady));
    }

    private static Task MoveBackAsync(Trial trial) => trial.Manifest is { } manifest ? PutAsync(trial, trial.Scene.To, manifest) : Task.CompletedTask;

    private static async Task RunsWhatWasPulledAsync(Trial trial, Ended ended)
    {
        var digest = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(trial.Manifest!));
        Assert.Equal(digest, ended.Json["to"]!["digests"]!["api"]!.ToString());
        var image = await Trial.ShellAsync("docker", "inspect", "--format", "{{.Config.Image}}", $"{trial.Lab.Options.Name}-api-1");
        Assert.EndsWith("@" + digest, image, StringComparison.Ordinal);
    }

    private static async Task<byte[]> ManifestAsync(Trial trial, string tag)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(trial, tag));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(ManifestType));
        using var answer = await http.SendAsync(request, Cancellation);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsByteArrayAsync(Cancellation);
    }

    private static async Task PutAsync(Trial trial, string tag, byte[] manifest)
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent(manifest);
        content.Headers.ContentType = new MediaTypeHeaderValue(ManifestType);
        using var answer = await http.PutAsync(Address(trial, tag), content, Cancellation);
        answer.EnsureSuccessStatusCode();
    }

    private static Uri Address(Trial trial, string tag) => new($"http://127.0.0.1:{trial.Lab.Options.RegistryPort}/v2/cleaning/app/manifests/{tag}");
}
