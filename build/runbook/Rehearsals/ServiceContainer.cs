using Docker.DotNet.Models;
using Runback.Runbook.Deployments;

namespace Runback.Runbook.Rehearsals;

/// <summary>
/// An image, started as one of the deployment's services would be started, on the rehearsal's network and with nothing else of
/// production: no ports, no volumes, no restart, and a log that stays on the engine's host.
/// </summary>
/// <param name="Service">The service, as Compose resolved it.</param>
/// <param name="Image">The image.</param>
/// <param name="Network">The rehearsal's network.</param>
/// <param name="Deployment">The Compose project, for labels.</param>
/// <param name="Run">The run, for labels.</param>
internal sealed record ServiceContainer(ComposeService Service, string Image, string Network, string Deployment, string Run)
{
    /// <summary>What runs instead of the service's own command, or null.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Environment beside the service's own; it wins.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Describes it for the engine. It stays when it ends, so that its log can be read.</summary>
    /// <param name="name">Its name.</param>
    public CreateContainerParameters Describe(string name)
    {
        var environment = Service.Environment.Concat(Environment).GroupBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(same => same.Last()).OrderBy(pair => pair.Key, StringComparer.Ordinal);
        return new CreateContainerParameters
        {
            Name = name,
            Image = Image,
            User = Service.User ?? "",
            WorkingDir = Service.WorkingDirectory ?? "",
            // An empty list takes the image's own away; none leaves it.
            Entrypoint = Service.Entrypoint is { } entrypoint ? entrypoint is [] ? [""] : [.. entrypoint] : null!,
            Cmd = (Command ?? Service.Command) is { } command ? [.. command] : null!,
            Env = [.. environment.Select(pair => $"{pair.Key}={pair.Value}")],
            Labels = new Dictionary<string, string> { [Labels.Scratch] = Run, [Labels.Deployment] = Deployment },
            Healthcheck = new HealthcheckConfig { Test = ["NONE"] },
            HostConfig = new HostConfig
            {
                NetworkMode = Network,
                LogConfig = new LogConfig { Type = "local" },
                Tmpfs = Service.Temporary.Select(folder => folder.Split(':', 2)).ToDictionary(parts => parts[0], parts => parts.Length > 1 ? parts[1] : ""),
            },
            NetworkingConfig = new NetworkingConfig { EndpointsConfig = new Dictionary<string, EndpointSettings> { [Network] = new() { Aliases = [Service.Name] } } },
        };
    }
}
