using Docker.DotNet.Models;
using Runback.Runbook.Databases;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>The containers that verifying and rehearsing use: how they are started, named, found and removed.</summary>
public static class ScratchContainer
{
    // Between its creation and its start a living run's container looks like a leftover.
    private static readonly TimeSpan Starting = TimeSpan.FromMinutes(2);

    // PostgreSQL's parallel workers share memory there; the engine's own 64 MiB are too few.
    private const long SharedMemory = 1L << 30;

    /// <summary>A name that nobody else has.</summary>
    internal static string NewName() => $"runback-scratch-{Guid.NewGuid():N}"[..28];

    /// <summary>Starts one: isolated, unprivileged, gone when it ends or when its standard input does.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">The image, the labels and the network.</param>
    /// <param name="entrypoint">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellation">Keeps it from being begun.</param>
    /// <exception cref="PostgresException">The engine refused to make it.</exception>
    internal static async Task<RunningCommand> StartAsync(string name, ScratchOptions options, IReadOnlyList<string> entrypoint, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            await EngineApi.Shared.CreateAsync(Describe(name, options, entrypoint, arguments));
        }
        catch (EngineException exception)
        {
            throw PostgresComplaint.Explain($"a scratch container of {options.Image}", exception.Said, null);
        }
        return await Shell.StartAsync(EngineWay.StartAttached(EngineApi.Shared, name), CancellationToken.None);
    }

    private static CreateContainerParameters Describe(string name, ScratchOptions options, IReadOnlyList<string> entrypoint, IEnumerable<string> arguments) => new()
    {
        Name = name,
        Image = options.Image,
        User = "postgres",
        Entrypoint = [.. entrypoint],
        Cmd = [.. arguments],
        // Server and programs alike take it from there (PostgreSQL manual, "Environment Variables").
        Env = [$"PGPORT={options.Port}"],
        OpenStdin = true,
        StdinOnce = true,
        AttachStdin = true,
        AttachStdout = true,
        AttachStderr = true,
        Labels = new Dictionary<string, string> { [ScratchServer.Label] = options.Run, [ScratchServer.DeploymentLabel] = options.Deployment },
        HostConfig = new HostConfig
        {
            AutoRemove = true,
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            NetworkMode = options.Network ?? "none",
            ShmSize = SharedMemory,
        },
        NetworkingConfig = options.Network is { } network
            ? new NetworkingConfig { EndpointsConfig = new Dictionary<string, EndpointSettings> { [network] = new() { Aliases = [.. options.Aliases] } } }
            : null,
    };

    /// <summary>Removes one, whatever its state; one that is gone is no error.</summary>
    internal static async Task RemoveAsync(string name)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await EngineApi.Shared.RemoveAsync(name, patience.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or RunbookException)
        {
            // The engine doesn't answer. The container ends with its standard input, or is found by its label by the next run.
        }
    }

    /// <summary>Removes those of a deployment whose run is gone. Running ones aren't: they end with the run that holds them.</summary>
    /// <returns>The names of those that were removed.</returns>
    public static async Task<IReadOnlyList<string>> RemoveLeftoversAsync(string deployment, CancellationToken cancellation)
    {
        var removed = new List<string>();
        foreach (var left in await EngineApi.Shared.ListAsync(cancellation, $"{ScratchServer.DeploymentLabel}={deployment}", ScratchServer.Label))
        {
            if (left.State is not ("created" or "exited" or "dead") || DateTimeOffset.UtcNow - left.CreatedAt < Starting)
                continue;
            await RemoveAsync(left.Name);
            removed.Add(left.Name);
        }
        return removed;
    }
}
