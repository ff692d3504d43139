using System.Globalization;
using Docker.DotNet.Models;

namespace Runback.Runbook.Engines;

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

    /// <summary>The signal that it is stopped with, as it was made; null for SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>What it was made with beside image and environment.</summary>
    public ContainerSettings Settings { get; init; } = new();

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => State == "running";

    /// <summary>Whether it runs, and its health check, where it has one, passes.</summary>
    public bool IsHealthy => IsRunning && Health is null or "healthy";

    /// <summary>State and health in a word or two.</summary>
    public string Condition => Health is null || !IsRunning ? State : $"{State}, {Health}";

    /// <summary>The names under which other containers find it on its networks, beside its own.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Reads the engine's answer to <c>GET /containers/{id}/json</c>.</summary>
    internal static Container From(ContainerInspectResponse answer)
    {
        var state = answer.State ?? new State();
        var config = answer.Config ?? new ContainerConfig();
        return new Container(
            answer.ID,
            answer.Name.TrimStart('/'),
            config.Labels?.ToDictionary(label => label.Key, label => label.Value ?? "", StringComparer.Ordinal) ?? [],
            config.Image,
            answer.Image,
            state.Status,
            state.Health?.Status is { } health and not ("none" or "") ? health : null,
            (int)answer.RestartCount,
            DateTimeOffset.TryParse(state.StartedAt, CultureInfo.InvariantCulture, out var started) ? started : DateTimeOffset.MinValue,
            (int)state.ExitCode,
            [.. config.Env ?? []])
        {
            StopGrace = config.StopTimeout is { } grace ? TimeSpan.FromSeconds(Math.Clamp(grace.TotalSeconds, 0, 86_400)) : null,
            StopSignal = config.StopSignal is { Length: > 0 } signal ? signal : null,
            Settings = ContainerSettings.From(answer),
            CreatedAt = new DateTimeOffset(DateTime.SpecifyKind(answer.Created.ToUniversalTime(), DateTimeKind.Utc)),
            Aliases = [.. (answer.NetworkSettings?.Networks ?? new Dictionary<string, EndpointSettings>())
                .SelectMany(network => network.Value?.Aliases ?? []).Distinct(StringComparer.Ordinal)],
        };
    }
}
