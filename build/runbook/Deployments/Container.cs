using System.Text.Json.Nodes;

namespace Runback.Runbook.Deployments;

/// <summary>A container as the engine describes it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels.</param>
/// <param name="ImageReference">The image as it was asked for.</param>
/// <param name="ImageId">The image's id (digest of its configuration).</param>
/// <param name="State">created, running, paused, restarting, exited or dead.</param>
/// <param name="Health">healthy, unhealthy, starting, or null without a health check.</param>
/// <param name="Restarts">How often the engine has restarted it.</param>
/// <param name="StartedAt">When it was last started, UTC.</param>
/// <param name="ExitCode">The exit code of its last end.</param>
/// <param name="Environment">Its environment, as NAME=value.</param>
public sealed record Container(
    string Id, string Name, IReadOnlyDictionary<string, string> Labels, string ImageReference, string ImageId,
    string State, string? Health, int Restarts, DateTimeOffset StartedAt, int ExitCode, IReadOnlyList<string> Environment)
{
    /// <summary>When it was made, UTC; a restart doesn't change it.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>How long it may take to stop before it is killed, as it was made; null for the engine's own 10 seconds.</summary>
    public TimeSpan? StopGrace { get; init; }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => State == "running";

    /// <summary>Whether it runs, and its health check, where it has one, passes.</summary>
    public bool IsHealthy => IsRunning && Health is null or "healthy";

    /// <summary>State and health in a word or two.</summary>
    public string Condition => Health is null || !IsRunning ? State : $"{State}, {Health}";

    /// <summary>The names under which other containers find it on its networks, beside its own.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Reads the engine's answer to <c>GET /containers/{id}/json</c>.</summary>
    internal static Container From(JsonNode json)
    {
        var state = json["State"]!;
        var config = json["Config"]!;
        return new Container(
            json["Id"]!.GetValue<string>(),
            json["Name"]!.GetValue<string>().TrimStart('/'),
            config["Labels"]?.AsObject().ToDictionary(label => label.Key, label => label.Value?.GetValue<string>() ?? "", StringComparer.Ordinal)
                ?? [],
            config["Image"]!.GetValue<string>(),
            json["Image"]!.GetValue<string>(),
            state["Status"]!.GetValue<string>(),
            state["Health"]?["Status"]?.GetValue<string>() is { } health and not ("none" or "") ? health : null,
            json["RestartCount"]?.GetValue<int>() ?? 0,
            DateTimeOffset.TryParse(state["StartedAt"]?.GetValue<string>(), out var started) ? started : DateTimeOffset.MinValue,
            state["ExitCode"]?.GetValue<int>() ?? 0,
            config["Env"]?.AsArray().Select(item => item!.GetValue<string>()).ToList() ?? [])
        {
            StopGrace = config["StopTimeout"]?.GetValue<int>() is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400)) : null,
            CreatedAt = DateTimeOffset.TryParse(json["Created"]?.GetValue<string>(), out var created) ? created : DateTimeOffset.MinValue,
            Aliases = [.. json["NetworkSettings"]?["Networks"]?.AsObject().SelectMany(AliasesOn).Distinct(StringComparer.Ordinal) ?? []],
        };
    }

    private static IEnumerable<string> AliasesOn(KeyValuePair<string, JsonNode?> network) =>
        network.Value?["Aliases"]?.AsArray().Select(alias => alias!.GetValue<string>()) ?? [];
}
