using Docker.DotNet.Models;

namespace Runback.Runbook.Engines;

/// <summary>A container as the engine lists it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">created, running, paused, restarting, exited or dead.</param>
/// <param name="CreatedAt">When it was made, UTC, in whole seconds.</param>
/// <param name="Labels">Its labels.</param>
public sealed record ListedContainer(string Id, string Name, string State, DateTimeOffset CreatedAt, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Reads one of the engine's answer to <c>GET /containers/json</c>.</summary>
    internal static ListedContainer From(ContainerListResponse answer) => new(
        answer.ID,
        (answer.Names ?? []).Select(name => name.TrimStart('/')).FirstOrDefault(name => !name.Contains('/', StringComparison.Ordinal)) ?? answer.ID,
        answer.State,
        new DateTimeOffset(DateTime.SpecifyKind(answer.Created.ToUniversalTime(), DateTimeKind.Utc)),
        (answer.Labels ?? new Dictionary<string, string>()).ToDictionary(StringComparer.Ordinal));
}
