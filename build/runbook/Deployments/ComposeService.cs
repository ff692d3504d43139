using System.Text.Json.Nodes;
using Runback.Runbook.Engines;

namespace Runback.Runbook.Deployments;

/// <summary>A service of a resolved Compose project. Source: Compose Specification, "Services top-level element".</summary>
/// <param name="Name">Its name.</param>
/// <param name="Image">Its image, or null when it is only built.</param>
/// <param name="IsBuilt">Whether it has a build section.</param>
/// <param name="DependsOn">The services that it needs.</param>
/// <param name="IsSingle">Whether there can be only one container of it: a fixed name, or a published port.</param>
/// <param name="Environment">Its environment, by name, its env files included; a variable without a value isn't in it.</param>
public sealed record ComposeService(
    string Name, string? Image, bool IsBuilt, IReadOnlyList<string> DependsOn, bool IsSingle, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Its entrypoint: null for the image's, empty for none.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Its command: null for the image's.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Its user, or null for the image's.</summary>
    public string? User { get; init; }

    /// <summary>The folder that it starts in, or null for the image's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The fixed name of its container, or null.</summary>
    public string? ContainerName { get; init; }

    /// <summary>The folders that it keeps in memory.</summary>
    public IReadOnlyList<string> Temporary { get; init; } = [];

    /// <summary>The names under which others find it, beside its own.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The TCP ports that it listens on, as <c>expose</c> names them, else as <c>ports</c> does.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>What it mounts: a volume by the project's name of it, or a path of the host; nothing for a volume without a name.</summary>
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Whether it has another service's mounts too (<c>volumes_from</c>).</summary>
    public bool HasMountsOfOthers { get; init; }

    /// <summary>Where its secrets and configs are mounted.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Its memory limit in bytes; 0 for none.</summary>
    public long Memory { get; init; }

    /// <summary>Its limit of processors in billionths; 0 for none.</summary>
    public long NanoCpus { get; init; }

    /// <summary>Its published ports, as <see cref="ContainerSettings.Ports"/>; null where one is left to the engine.</summary>
    public IReadOnlyList<string>? PublishedPorts { get; init; } = [];

    /// <summary>The project's names of its networks; null where it is on another service's, the host's or none.</summary>
    public IReadOnlyList<string>? Networks { get; init; } = [];

    /// <summary>The services that have to have ended well before it starts.</summary>
    public IReadOnlyList<string> Awaits { get; init; } = [];

    /// <summary>Its health check, <c>CMD</c> or <c>CMD-SHELL</c> first; empty where the compose file has none, or turns it off.</summary>
    public IReadOnlyList<string> HealthTest { get; init; } = [];

    internal static ComposeService From(string name, JsonNode json) => new(
        name,
        json["image"]?.GetValue<string>(),
        json["build"] is not null,
        json["depends_on"]?.AsObject().Select(pair => pair.Key).ToList() ?? [],
        json["container_name"] is not null || json["ports"] is JsonArray { Count: > 0 },
        json["environment"]?.AsObject().Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => Plain(pair.Value!.ToString()), StringComparer.Ordinal) ?? [])
    {
        Entrypoint = Words(json["entrypoint"]),
        Command = Words(json["command"]),
        User = Text(json["user"]),
        WorkingDirectory = Text(json["working_dir"]),
        ContainerName = Text(json["container_name"]),
        Temporary = Words(json["tmpfs"]) ?? [],
        Mounts = [.. json["volumes"]?.AsArray().Select(mount => new ContainerMount(
            mount!["type"]?.ToString() ?? "volume", Text(mount["source"]) ?? "", (Text(mount["target"]) ?? "").TrimEnd('/'))) ?? []],
        HasMountsOfOthers = json["volumes_from"] is JsonArray { Count: > 0 },
        Files =
        [
            .. json["secrets"]?.AsArray().Select(secret => Text(secret!["target"]) is { } target ? Path.Combine("/run/secrets", target) : $"/run/secrets/{secret["source"]}") ?? [],
            .. json["configs"]?.AsArray().Select(config => Text(config!["target"]) ?? $"/{config["source"]}") ?? [],
        ],
        Memory = Number(json["mem_limit"] ?? json["deploy"]?["resources"]?["limits"]?["memory"], 1),
        NanoCpus = Number(json["cpus"] ?? json["deploy"]?["resources"]?["limits"]?["cpus"], 1_000_000_000),
        PublishedPorts = json["ports"] is not JsonArray ports ? [] : ports.Any(port => IsChosen(Text(port!["published"]))) ? null
            : [.. ports.Select(port => ContainerSettings.Port(Text(port!["host_ip"]), Text(port["published"]), $"{port["target"]}/{port["protocol"] ?? "tcp"}"))],
        Networks = json["network_mode"] is not null ? null : [.. json["networks"]?.AsObject().Select(network => network.Key) ?? []],
        HealthTest = json["healthcheck"]?["disable"]?.ToString() != "true" ? Words(json["healthcheck"]?["test"] as JsonArray) ?? [] : [],
        Awaits = [.. json["depends_on"]?.AsObject().Where(pair => pair.Value?["condition"]?.ToString() == "service_completed_successfully").Select(pair => pair.Key) ?? []],
        Aliases =
        [
            .. new[] { Text(json["container_name"]), Text(json["hostname"]) }.OfType<string>(),
            .. json["networks"]?.AsObject().SelectMany(network => Words(network.Value?["aliases"]) ?? []) ?? [],
        ],
        Ports = Exposed(json["expose"]) is { Count: > 0 } exposed ? exposed : Published(json["ports"]),
    };

    // `config` prints what Compose could read again: a dollar sign is doubled.
    private static string Plain(string text) => text.Replace("$$", "$", StringComparison.Ordinal);

    // None, 0, and a range are left to the engine.
    private static bool IsChosen(string? published) => published is null or "0" || published.Contains('-', StringComparison.Ordinal);

    private static long Number(JsonNode? node, long unit) =>
        decimal.TryParse(node?.ToString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) ? (long)(number * unit) : 0;

    private static string? Text(JsonNode? node) => node?.ToString() is { Length: > 0 } text ? Plain(text) : null;

    private static List<string>? Words(JsonNode? node) => node?.AsArray().Select(word => Plain(word!.ToString())).ToList();

    // "8000", "8000/tcp", "9000-9002/tcp"
    private static List<int> Exposed(JsonNode? node) =>
    [
        .. node?.AsArray().Select(port => port!.ToString().Split('/'))
            .Where(port => port.Length == 1 || port[1] == "tcp")
            .SelectMany(port => port[0].Split('-') is [var first, var last] ? Enumerable.Range(Port(first), Port(last) - Port(first) + 1) : [Port(port[0])]) ?? [],
    ];

    private static List<int> Published(JsonNode? node) =>
        [.. node?.AsArray().Where(port => port!["protocol"]?.ToString() is null or "tcp").Select(port => Port(port!["target"]!.ToString())) ?? []];

    private static int Port(string text) => ushort.Parse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);
}
