using Runback.Runbook.Processes;

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
    /// <exception cref="PostgresException">There is no such container, or no engine.</exception>
    public static async Task<ContainerState> ReadAsync(string container, Shell shell, CancellationToken cancellation)
    {
        var result = await shell.TryAsync(
            new Command("docker", "container", "inspect", "--format", "{{.Name}} {{.Image}} {{.State.Status}}", container), cancellation);
        if (!result.Succeeded)
            throw PostgresComplaint.Explain($"the container {container}", result.Error, result.ExitCode);
        var words = result.Output.Trim().Split(' ');
        return new ContainerState(words[0].TrimStart('/'), words[1], words[2]);
    }
}
