using Docker.DotNet.Models;

namespace Runback.Runbook.Engines;

/// <summary>What a container was made with beside image and environment. Source: Docker Engine API, <c>GET /containers/{id}/json</c>.</summary>
public sealed record ContainerSettings
{
    /// <summary>What is mounted into it.</summary>
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Its memory limit in bytes; 0 for none.</summary>
    public long Memory { get; init; }

    /// <summary>Its limit of processors in billionths; 0 for none.</summary>
    public long NanoCpus { get; init; }

    /// <summary>The published ports, as <c>address:port->port/protocol</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>The names of its networks.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Its user; empty for root.</summary>
    public string User { get; init; } = "";

    /// <summary>Its command.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Its entrypoint.</summary>
    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    internal static ContainerSettings From(ContainerInspectResponse answer) => new()
    {
        Mounts = [.. (answer.Mounts ?? []).Select(mount => new ContainerMount($"{mount.Type}", (mount.Type == "volume" ? mount.Name : mount.Source) ?? "", mount.Destination))],
        Memory = answer.HostConfig?.Memory ?? 0,
        NanoCpus = answer.HostConfig?.NanoCPUs ?? 0,
        Ports = [.. (answer.HostConfig?.PortBindings ?? new Dictionary<string, IList<PortBinding>>())
            .SelectMany(port => (port.Value ?? []).Select(binding => Port(binding.HostIP, binding.HostPort, port.Key)))],
        Networks = [.. answer.NetworkSettings?.Networks?.Keys ?? []],
        User = answer.Config?.User ?? "",
        Command = [.. answer.Config?.Cmd ?? []],
        Entrypoint = [.. answer.Config?.Entrypoint ?? []],
    };

    /// <summary>A published port as it is compared: no address is every address.</summary>
    internal static string Port(string? address, string? published, string target) => $"{(address is null or "" ? "0.0.0.0" : address)}:{published}->{target}";
}

/// <summary>Something that is mounted into a container.</summary>
/// <param name="Kind">volume, bind or tmpfs.</param>
/// <param name="Source">The volume's name, or the host's path.</param>
/// <param name="Target">Where it is in the container.</param>
public sealed record ContainerMount(string Kind, string Source, string Target);
