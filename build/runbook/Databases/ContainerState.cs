using Runback.Runbook.Engines;

namespace Runback.Runbook.Databases;

/// <summary>What the engine says of a container.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Image">Its image's id.</param>
/// <param name="Status">created, running, paused, restarting, removing, exited or dead.</param>
public sealed record ContainerState(string Name, string Image, string Status)
{
    /// <summary>Whether programs can be run in it.</summary>
    public bool Running => Status == "running";

    /// <summary>Asks the engine.</summary>
    /// <exception cref="PostgresException">There is no such container.</exception>
    public static async Task<ContainerState> ReadAsync(string container, CancellationToken cancellation) =>
        await EngineApi.Shared.ContainerAsync(container, cancellation) is { } found
            ? new ContainerState(found.Name, found.ImageId, found.State)
            : throw PostgresComplaint.Explain($"the container {container}", $"No such container: {container}", 1);
}
