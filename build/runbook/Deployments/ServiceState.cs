using Runback.Runbook.Engines;

namespace Runback.Runbook.Deployments;

/// <summary>What one app service runs.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Container">Its container, or null when it has none.</param>
/// <param name="Image">That container's image as the host has it, or null when it was removed meanwhile.</param>
/// <param name="Digest">The digest under which the deployment's repository knows the image, or null.</param>
public sealed record ServiceState(string Service, Container? Container, Image? Image, string? Digest)
{
    /// <summary>The release's tag by which the container was started, or null.</summary>
    public string? Tag => Container is null ? null : ReleaseReference.Parse(Container.ImageReference).Tag;

    /// <summary>What identifies the code that runs: the registry's digest, or the image's id where it was built on this host (trap 12).</summary>
    public string? Identity => Digest ?? Container?.ImageId;

    /// <summary>Whether what runs is the image that a digest or an image's id stands for.</summary>
    public bool Is(string identity) => Digest == identity || Container?.ImageId == identity || Image?.Identities.Contains(identity, StringComparer.Ordinal) == true;

    /// <summary>All of its containers that run, or would: each replica.</summary>
    public IReadOnlyList<Container> Replicas { get; init; } = [];

    /// <summary>Whether it runs and is healthy, every replica of it.</summary>
    public bool IsHealthy => Container?.IsHealthy == true && Replicas.All(replica => replica.IsHealthy);
}
