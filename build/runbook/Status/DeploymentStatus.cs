using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Status;

/// <summary>What a deployment is now, at a glance. Names are stable: <c>Status --json</c> prints it.</summary>
public sealed record DeploymentStatus
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>When it was observed, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The Compose project.</summary>
    public required string Project { get; init; }

    /// <summary>What each app service runs.</summary>
    public required IReadOnlyList<ServiceStatus> Services { get; init; }

    /// <summary>What the health path answered.</summary>
    public required string Health { get; init; }

    /// <summary>What the ready path answered.</summary>
    public required string Readiness { get; init; }

    /// <summary>Whether the application serves.</summary>
    public required bool Serves { get; init; }

    /// <summary>The database's revisions; null when they can't be read.</summary>
    public required IReadOnlyList<string>? Revisions { get; init; }

    /// <summary>What is wrong with the rows of the database's version table, and what to do; null when nothing is.</summary>
    public string? RevisionsProblem { get; init; }

    /// <summary>The pinned value of the tag variable, or null.</summary>
    public required string? Pin { get; init; }

    /// <summary>Whether every app service runs what is pinned.</summary>
    public required bool RunsWhatIsPinned { get; init; }

    /// <summary>The newest backup that was verified, or null.</summary>
    public required BackupStatus? Backup { get; init; }

    /// <summary>Where <c>--tag previous</c> leads, or null.</summary>
    public required RollbackTarget? RollbackTarget { get; init; }

    /// <summary>How long the latest drills' rollbacks took, in a sentence; null when there was none.</summary>
    public string? Drills { get; init; }

    /// <summary>The releases whose images are kept from pruning, the last one kept first.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    /// <summary>Who holds the deployment, or null.</summary>
    public required Holder? Holder { get; init; }

    /// <summary>Runs that began a change and never ended.</summary>
    public required IReadOnlyList<string> UnfinishedRuns { get; init; }

    /// <summary>What was found of those runs, in a paragraph; null where there are none.</summary>
    public string? Takeover { get; init; }

    /// <summary>The status as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);
}

/// <summary>What an app service runs.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Tag">The release's tag.</param>
/// <param name="Digest">The registry's digest, or the image's id where there is none.</param>
/// <param name="Condition">The container's state and health.</param>
/// <param name="Restarts">How often it was restarted.</param>
/// <param name="StartedAt">Since when it runs, UTC.</param>
public sealed record ServiceStatus(string Service, string? Tag, string? Digest, string Condition, int Restarts, DateTimeOffset? StartedAt);

/// <summary>A verified backup.</summary>
/// <param name="File">The dump.</param>
/// <param name="TakenAt">When it was taken, UTC.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Level">How deep it was verified.</param>
public sealed record BackupStatus(string File, DateTimeOffset TakenAt, long Bytes, string Level);

/// <summary>The release that a rollback to <c>previous</c> would bring.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="VerifiedAt">When it verified good, UTC.</param>
/// <param name="OnHost">Whether its image is on the engine's host.</param>
/// <param name="Registry">Whether the registry still has it: Pullable, Moved, Gone, Incomplete or Unknown.</param>
/// <param name="Detail">What is wrong, or null.</param>
public sealed record RollbackTarget(string Tag, DateTimeOffset VerifiedAt, bool OnHost, string Registry, string? Detail);
