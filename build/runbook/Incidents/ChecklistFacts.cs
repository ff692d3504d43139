using Runback.Runbook.Backups;
using Runback.Runbook.Migrations;

namespace Runback.Runbook.Incidents;

/// <summary>What was observed and given, from which the checklist is answered. Whatever isn't known is null or empty.</summary>
public sealed record ChecklistFacts
{
    /// <summary>The strategy's name, or null while it isn't decided: then nothing is required.</summary>
    public string? Strategy { get; init; }

    /// <summary>The incident, as it was given.</summary>
    public string? Incident { get; init; }

    /// <summary>The incident's address, where it is an issue (<see cref="GitHub.GitHubServer.Issue"/>).</summary>
    public Uri? IncidentUrl { get; init; }

    /// <summary>The backup's file.</summary>
    public string? BackupFile { get; init; }

    /// <summary>When the backup was taken, UTC.</summary>
    public DateTimeOffset? BackupAt { get; init; }

    /// <summary>The backup's size in bytes.</summary>
    public long? BackupBytes { get; init; }

    /// <summary>Why the backup could not be taken, or null.</summary>
    public string? BackupFailure { get; init; }

    /// <summary>How deep the backup was verified, or null when it wasn't.</summary>
    public VerifyLevel? VerifiedLevel { get; init; }

    /// <summary>When that was, UTC.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>The backup that a restore leads to, by its file; null where nothing is restored.</summary>
    public string? RestorePoint { get; init; }

    /// <summary>Why the backup didn't pass, or null.</summary>
    public string? VerifyFailure { get; init; }

    /// <summary>The verdict of the migrations between the two releases, or null when there was none to judge.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>The verdict's reasons, a line each.</summary>
    public IReadOnlyList<string> VerdictReasons { get; init; } = [];

    /// <summary>The checks of the readiness payload that fail in the release that is left, by name; null when it could not be read.</summary>
    public IReadOnlyList<string>? ReadinessFailures { get; init; }

    /// <summary>App services that aren't healthy in the release that is left.</summary>
    public IReadOnlyList<string> UnhealthyServices { get; init; } = [];

    /// <summary>The share of requests that failed in the release that is left, 0 to 1, or null.</summary>
    public double? ErrorRate { get; init; }

    /// <summary>The share that failed before that release, 0 to 1, or null.</summary>
    public double? UsualErrorRate { get; init; }

    /// <summary>Why a forward-fix is not feasible (<c>--reason</c>).</summary>
    public string? Reason { get; init; }

    /// <summary>How many channels there are to announce to.</summary>
    public int Channels { get; init; }

    /// <summary>What became of the announcements.</summary>
    public IReadOnlyList<AnnouncementResult> Announcements { get; init; } = [];
}
