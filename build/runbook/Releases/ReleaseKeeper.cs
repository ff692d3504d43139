using Docker.DotNet.Models;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Releases;

/// <summary>
/// Keeps the images of the last releases that verified good from pruning (trap 19). <c>docker image prune --all</c> removes whatever no container uses,
/// tagged or not: so each has a container, created and never started.
/// </summary>
/// <param name="deployment">The deployment.</param>
/// <param name="engine">The engine it runs on.</param>
/// <param name="shell">Makes and removes the containers.</param>
public sealed class ReleaseKeeper(Deployment deployment, EngineApi engine, Shell shell)
{
    /// <summary>How many releases are kept.</summary>
    public const int Most = 3;

    private const int ShortId = 12;

    /// <summary>The name of the container that keeps an image.</summary>
    /// <param name="project">The Compose project's name.</param>
    /// <param name="imageId">The image's id.</param>
    public static string Name(string project, string imageId) => $"runback-keep-{project}-{imageId[(imageId.IndexOf(':', StringComparison.Ordinal) + 1)..][..ShortId]}";

    /// <summary>The command that keeps an image. Labels by which Compose finds containers may be the image's own: this one must not be found.</summary>
    /// <param name="project">The Compose project's name.</param>
    /// <param name="tag">The release's tag.</param>
    /// <param name="imageId">The image's id.</param>
    public static Command Command(string project, string tag, string imageId) => new(
        "docker", "create", "--pull", "never", "--name", Name(project, imageId), "--label", $"{Labels.Keeps}={tag}", "--label", $"{Labels.Deployment}={project}",
        "--label", $"{Labels.Project}=", "--label", $"{Labels.Service}=", "--network", "none", "--no-healthcheck", "--entrypoint", "never-started", imageId);

    private static CreateContainerParameters Describe(string project, string tag, string imageId) => new()
    {
        Name = Name(project, imageId),
        Image = imageId,
        Labels = new Dictionary<string, string> { [Labels.Keeps] = tag, [Labels.Deployment] = project, [Labels.Project] = "", [Labels.Service] = "" },
        Healthcheck = new HealthcheckConfig { Test = ["NONE"] },
        Entrypoint = ["never-started"],
        HostConfig = new HostConfig { NetworkMode = "none" },
    };

    /// <summary>The containers that keep releases, by the tags that they keep.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="project">The Compose project's name.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<IReadOnlyList<Container>> KeptAsync(EngineApi engine, string project, CancellationToken cancellation) =>
        [.. (await engine.ContainersAsync(cancellation, Labels.Keeps, $"{Labels.Deployment}={project}")).OrderByDescending(container => container.CreatedAt)];

    /// <summary>Keeps the last releases that verified good, and lets go of others. Images that the host doesn't have any more can't be kept.</summary>
    /// <param name="project">The Compose project's name.</param>
    /// <param name="history">The ledger.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task KeepAsync(string project, LedgerHistory history, CancellationToken cancellation)
    {
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var good in history.LastVerifiedGoods(Most))
        {
            foreach (var identity in good.Digests.Values.Distinct(StringComparer.Ordinal))
            {
                if (await ImageAsync(identity, cancellation) is { } image)
                    wanted.TryAdd(image.Id, good.Tag);
            }
        }
        var kept = await KeptAsync(engine, project, cancellation);
        foreach (var (image, tag) in wanted.Where(pair => kept.All(container => container.ImageId != pair.Key)))
            await shell.ChangeAsync(Command(project, tag, image).ToString(), () => engine.CreateAsync(Describe(project, tag, image)));
        foreach (var container in kept.Where(container => !wanted.ContainsKey(container.ImageId)))
            await shell.ChangeAsync($"docker rm {container.Name}", () => engine.RemoveKeepingVolumesAsync(container.Id, force: false, cancellation));
    }

    // The registry's digest, or the image's id where the release was built on this host.
    private async Task<Image?> ImageAsync(string identity, CancellationToken cancellation) =>
        await engine.ImageAsync($"{deployment.Image}@{identity}", cancellation) ?? await engine.ImageAsync(identity, cancellation);
}
