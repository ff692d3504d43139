using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Runback.Runbook.Incidents;
using Runback.Runbook.Incidents.FollowUps;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Restores;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Verification.Logs;

namespace Runback.Runbook.Runs;

/// <summary>How a run went: the content of <c>result.json</c>, and of what <c>--json</c> prints. Names are stable.</summary>
public sealed record RunResult
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>The target that was asked for.</summary>
    public required string Target { get; init; }

    /// <summary>How it ended.</summary>
    public Outcome Outcome { get; set; }

    /// <summary>The process's exit code.</summary>
    public int ExitCode => Outcome == Outcome.Error && Signal is { } signal ? signal : Outcome.ExitCode();

    /// <summary>The exit code of the signal that ended it before anything was changed, or null.</summary>
    [JsonIgnore]
    public int? Signal { get; set; }

    /// <summary>What is to be said first: done, or at what to look.</summary>
    public string? Summary { get; set; }

    /// <summary>What to do next, or null.</summary>
    public string? Hint { get; set; }

    /// <summary>Whether changes were only printed.</summary>
    public bool DryRun { get; set; }

    /// <summary>The strategy that was used, or null.</summary>
    public string? Strategy { get; set; }

    /// <summary>The incident that it belongs to, or null.</summary>
    public string? Incident { get; set; }

    /// <summary>Why it was done, or null.</summary>
    public string? Reason { get; set; }

    /// <summary>The release that ran before.</summary>
    public ReleaseRecord? From { get; set; }

    /// <summary>The release that was asked for.</summary>
    public ReleaseRecord? To { get; set; }

    /// <summary>The tag that ran when this run began; <see cref="From"/> may be what ran before one that was killed. Null when it isn't known.</summary>
    [JsonIgnore]
    public string? Found { get; set; }

    /// <summary>Whether app services were exchanged.</summary>
    public bool Exchanged { get; set; }

    /// <summary>Whether what runs at the end was verified.</summary>
    public bool Verified { get; set; }

    /// <summary>The database's revisions.</summary>
    public DatabaseRecord? Database { get; set; }

    /// <summary>Who approved an emergency strategy, or null.</summary>
    public string? ApprovedBy { get; set; }

    /// <summary>The verdict of the migrations that the target doesn't know, in the shape that <c>Assess --json</c> prints; null where there are none.</summary>
    public JsonNode? Assessment { get; set; }

    /// <summary>The runbook's checklist, each line answered by what was observed or given.</summary>
    public Checklist? Checklist { get; set; }

    /// <summary>What became of the announcements.</summary>
    public IReadOnlyList<AnnouncementResult> Announcements { get; set; } = [];

    /// <summary>The ticket for the forward-fix, or null.</summary>
    public FollowUpResult? FollowUp { get; set; }

    /// <summary>What the rehearsal showed, or null.</summary>
    public RehearsalResult? Rehearsal { get; set; }

    /// <summary>What a restore gave up, or null.</summary>
    public RowsSince? RowsSince { get; set; }

    /// <summary>The choices that a person has, where the run stopped for one.</summary>
    public IReadOnlyList<StrategyChoice>? Choices { get; set; }

    /// <summary>The backup that was taken or verified.</summary>
    public BackupRecord? Backup { get; set; }

    /// <summary>The backup that a restore leads to, as it was announced; null where nothing is restored.</summary>
    public RestorePointRecord? RestorePoint { get; set; }

    /// <summary>The steps, in the order in which they ended.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public IList<StepRecord> Steps { get; } = [];

    /// <summary>The checks of the verification.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public IList<CheckRecord> Checks { get; } = [];

    /// <summary>How the logs have changed, or null when they weren't compared.</summary>
    public LogChanges? LogChanges { get; set; }

    /// <summary>What the proxy's clients noticed, as measured by this tool's own probes.</summary>
    public OutageRecord? Outage { get; set; }

    /// <summary>What was replaced and kept, with where it is.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public IList<string> Kept { get; } = [];

    /// <summary>When it began, UTC.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Where the report is, or null.</summary>
    public string? Report { get; set; }

    /// <summary>The result as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Reads a <c>result.json</c>, or null when it isn't one.</summary>
    public static RunResult? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunResult>(File.ReadAllText(path), Options);
        }
        catch (Exception exception) when (exception is IOException or JsonException or NotSupportedException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

/// <summary>A release in a result.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Digests">Its digest, or image id, by service.</param>
public sealed record ReleaseRecord(string? Tag, IReadOnlyDictionary<string, string> Digests);

/// <summary>The database's revisions before and after.</summary>
/// <param name="Before">As observed before acting.</param>
/// <param name="After">As observed at the end.</param>
public sealed record DatabaseRecord(IReadOnlyList<string>? Before, IReadOnlyList<string>? After);

/// <summary>A backup in a result.</summary>
/// <param name="File">The dump's path.</param>
/// <param name="Sha256">Its checksum, in hex.</param>
/// <param name="Bytes">Its size in bytes.</param>
/// <param name="Level">How deep it was verified, or null when it wasn't.</param>
public sealed record BackupRecord(string File, string Sha256, long Bytes, string? Level);

/// <summary>The backup that a restore leads to.</summary>
/// <param name="File">The dump's path; its name alone where an earlier run restored it.</param>
/// <param name="Sha256">Its checksum, in hex.</param>
/// <param name="TakenAt">When it was begun (UTC), or null where nothing says.</param>
public sealed record RestorePointRecord(string File, string? Sha256, DateTimeOffset? TakenAt)
{
    /// <summary>Alembic's revisions in it, or null where nobody noted them.</summary>
    public IReadOnlyList<string>? Revisions { get; init; }

    /// <summary>The earlier run that has put it in the database's place; null where this run does.</summary>
    public string? PlacedBy { get; init; }

    /// <summary>One that this run restores.</summary>
    public static RestorePointRecord Of(RestorePoint point) => new(point.Backup.File, point.Sha256, point.Backup.At) { Revisions = point.Backup.Facts?.Revisions };

    /// <summary>One that an earlier run has restored.</summary>
    public static RestorePointRecord Of(PlacedBackup placed) =>
        new(placed.Dump, placed.Sha256, Backups.BackupName.Parse(placed.Dump)?.At ?? placed.Snapshot) { Revisions = placed.Revisions, PlacedBy = placed.Run };
}

/// <summary>A step of a run.</summary>
/// <param name="Name">The target's name.</param>
/// <param name="Outcome">Done, Failed or Skipped.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Detail">What it did, or why it failed, in a line.</param>
public sealed record StepRecord(string Name, string Outcome, double Seconds, string? Detail);

/// <summary>A check of the verification.</summary>
/// <param name="Name">The check's name.</param>
/// <param name="Passed">Whether it passed.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Found">What was found.</param>
/// <param name="Hint">What to do about it, when it didn't pass.</param>
public sealed record CheckRecord(string Name, bool Passed, string Expected, string Found, string? Hint)
{
    /// <summary>What a person should know all the same.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>What clients noticed.</summary>
/// <param name="Seconds">From the first failed request to the first that succeeded again.</param>
/// <param name="Requests">Requests sent.</param>
/// <param name="Failed">Requests that failed.</param>
public sealed record OutageRecord(double Seconds, int Requests, int Failed)
{
    /// <summary>When the first request failed, UTC; null when none did.</summary>
    public DateTimeOffset? From { get; init; }
}
