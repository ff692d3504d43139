using Runback.Runbook.Engines;
using Runback.Runbook.Releases;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Deployments;

/// <summary>All that was observed of a deployment before acting. What couldn't be read is null, and null counts as dangerous.</summary>
/// <param name="At">When it was observed, UTC.</param>
/// <param name="Project">The resolved Compose project.</param>
/// <param name="Services">What each app service runs.</param>
/// <param name="Database">The database service's container, or null.</param>
/// <param name="Revisions">The revisions in <c>alembic_version</c>, or null when they can't be read.</param>
/// <param name="Pin">The value of the tag variable in the env file, or null.</param>
/// <param name="Health">What the health path answered.</param>
/// <param name="Readiness">What the ready path answered.</param>
public sealed record Situation(
    DateTimeOffset At,
    ComposeProject Project,
    IReadOnlyList<ServiceState> Services,
    Container? Database,
    IReadOnlyList<string>? Revisions,
    string? Pin,
    ProbeResult Health,
    Readiness Readiness)
{
    /// <summary>Why there are no revisions, or null.</summary>
    public string? RevisionsProblem { get; init; }

    /// <summary>The state of one app service.</summary>
    public ServiceState this[string service] => Services.First(state => state.Service == service);

    /// <summary>The tag of the release that runs: that of the first app service.</summary>
    public string? RunningTag => Services[0].Tag;

    /// <summary>
    /// Whether the application serves: the health path answers, and every app service's container runs and isn't unhealthy. A health check that
    /// hasn't come to its first verdict says nothing; the answer through the proxy does.
    /// </summary>
    public bool Serves => Health.IsSuccess && Services.All(state => state.Container is { IsRunning: true, Health: not "unhealthy" });

    /// <summary>The digests that run, by service.</summary>
    public IReadOnlyDictionary<string, string> Digests => Services
        .Where(state => state.Identity is not null)
        .ToDictionary(state => state.Service, state => state.Identity!, StringComparer.Ordinal);

    /// <summary>What runs, as far as a list of releases cares.</summary>
    public RunningRelease Running => RunningRelease.Of(Services);

    /// <summary>Whether every app service runs this release and the env file pins it.</summary>
    /// <param name="tag">The release's tag.</param>
    /// <param name="digest">The release's digest, or null when only the tag is known.</param>
    public bool Runs(string tag, string? digest) =>
        Services.All(state => state.Container?.IsRunning == true && (digest is null ? state.Tag == tag : state.Is(digest)))
        && RunsWhatIsPinned && PinnedTag == tag;

    /// <summary>Whether every app service runs what the env file pins.</summary>
    public bool RunsWhatIsPinned => Pin?.Split('@', 2) is { } parts
        && Services.All(state => state.Container?.IsRunning == true && (parts.Length == 2 ? state.Is(parts[1]) : state.Tag == parts[0]));

    /// <summary>The tag in the pin, without its digest.</summary>
    public string? PinnedTag => Pin?.Split('@')[0];
}
