using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;

namespace Runback.Runbook.Profiles;

/// <summary>A port of a service that the engine's host publishes.</summary>
/// <param name="Address">The host's address; empty for every one.</param>
/// <param name="Number">The host's port.</param>
/// <param name="Target">The port inside the container.</param>
public sealed record PublishedPort(string Address, int Number, int Target);

/// <summary>A service as it was found: in the resolved project, in the compose file before variables were put in, and on the engine.</summary>
/// <param name="Compose">The service as Compose resolves it.</param>
public sealed partial record SurveyedService(ComposeService Compose)
{
    /// <summary>Its name.</summary>
    public string Name => Compose.Name;

    /// <summary>Its image as the compose file writes it, variables and all; null when it has none, or that couldn't be read.</summary>
    public string? ImageTemplate { get; init; }

    /// <summary>Where its image stands in the compose files, or its build section where it has no image; null when that wasn't found.</summary>
    public SourceLine? ImageLine { get; init; }

    /// <summary>The folder that it is built from; null when it isn't, or that isn't on this host.</summary>
    public string? BuildContext { get; init; }

    /// <summary>Its health check as Compose resolves it: CMD or CMD-SHELL first; empty where the compose file has none.</summary>
    public IReadOnlyList<string> HealthTest => Compose.HealthTest;

    /// <summary>How long its health check may fail before the container counts as unhealthy, in seconds; 0 where the compose file doesn't set it.</summary>
    public int HealthSeconds { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The profiles of Compose's that it belongs to; it runs with none of them where that is empty.</summary>
    public IReadOnlyList<string> ComposeProfiles { get; init; } = [];

    /// <summary>Whether a plain <c>docker compose up</c> leaves it out, since none of its profiles is active.</summary>
    public bool IsAsleep { get; init; }

    /// <summary>Its restart policy, or null.</summary>
    public string? Restart { get; init; }

    /// <summary>Its published ports, those left to the engine left out.</summary>
    public IReadOnlyList<PublishedPort> Published { get; init; } = [];

    /// <summary>Its container that runs, or ran last; null without one, or without an engine.</summary>
    public Container? Container { get; init; }

    /// <summary>What it runs, a word each: entrypoint and command, the container's where the compose file leaves them to the image.</summary>
    public IReadOnlyList<string> Words =>
    [
        .. Compose.Entrypoint ?? Container?.Settings.Entrypoint ?? [],
        .. Compose.Command ?? (Compose.Entrypoint is null ? Container?.Settings.Command : null) ?? [],
    ];

    /// <summary>The same in one text, as it is searched.</summary>
    public string CommandText => string.Join(' ', Words);

    /// <summary>The last part of its image's repository: <c>postgres</c>, <c>nginx-proxy</c>; empty without an image.</summary>
    public string ImageName => Repository is { } repository ? repository[(repository.LastIndexOf('/') + 1)..] : "";

    /// <summary>Its image without tag and digest, or null.</summary>
    public string? Repository => Compose.Image is { Length: > 0 } image ? ReleaseReference.Parse(image).Repository : null;

    /// <summary>Whether its container runs.</summary>
    public bool IsRunning => Container?.IsRunning == true;

    /// <summary>Reads a service of <c>docker compose config --format json</c>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">The service.</param>
    /// <param name="template">The same service without variables put in (<c>--no-interpolate</c>), or null.</param>
    internal static SurveyedService From(string name, JsonNode json, JsonNode? template) => new(ComposeService.From(name, json))
    {
        ImageTemplate = template?["image"]?.ToString(),
        BuildContext = json["build"] is JsonObject build && build["context"]?.ToString() is { Length: > 0 } context && Path.IsPathRooted(context) ? context : null,
        HealthSeconds = json["healthcheck"] is JsonObject timing ? Budget(timing) : 0,
        Labels = (json["labels"] as JsonObject)?.ToDictionary(label => label.Key, label => $"{label.Value}".Replace("$$", "$", StringComparison.Ordinal), StringComparer.Ordinal) ?? [],
        ComposeProfiles = [.. (json["profiles"] as JsonArray)?.Select(profile => $"{profile}") ?? []],
        Restart = json["restart"]?.ToString(),
        Published = [.. (json["ports"] as JsonArray)?.Select(Port).OfType<PublishedPort>() ?? []],
    };

    // Compose Specification, "healthcheck": failures count from the end of the start period on, one each interval.
    private static int Budget(JsonObject health)
    {
        if (health["interval"] is null && health["start_period"] is null && health["retries"] is null)
            return 0;
        var (interval, timeout, start) = (Seconds(health["interval"]) ?? 30, Seconds(health["timeout"]) ?? 30, Seconds(health["start_period"]) ?? 0);
        var retries = int.TryParse(health["retries"]?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 3;
        return (int)Math.Min(3600, Math.Ceiling(start + (retries * interval) + timeout));
    }

    // A duration as Go writes it: 1m30s.
    private static double? Seconds(JsonNode? node)
    {
        if (node?.ToString() is not { Length: > 0 } text)
            return null;
        return DurationPart().Matches(text).Sum(part => double.Parse(part.Groups[1].Value, CultureInfo.InvariantCulture)
            * part.Groups[2].Value switch { "h" => 3600, "m" => 60, "s" => 1, "ms" => 1e-3, _ => 1e-6 });
    }

    private static PublishedPort? Port(JsonNode? port) =>
        port is JsonObject && port["protocol"]?.ToString() is null or "tcp" && Number(port["published"]) is { } published && Number(port["target"]) is { } target
            ? new PublishedPort(port["host_ip"]?.ToString() ?? "", published, target) : null;

    private static int? Number(JsonNode? node) =>
        ushort.TryParse(node?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    [GeneratedRegex(@"(\d+(?:\.\d+)?)(h|ms|us|µs|m|s)")]
    private static partial Regex DurationPart();
}
