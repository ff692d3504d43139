using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Runback.Runbook.Drills.Beside;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills;

/// <summary>What a drill measured: the content of <c>drill.json</c> and of a line of <c>drills.jsonl</c>. Names are stable, times UTC.</summary>
public sealed record DrillReport
{
    private static readonly JsonSerializerOptions Compact = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>When the drill began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How it ended.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>The process's exit code.</summary>
    public int ExitCode => Outcome.ExitCode();

    /// <summary>Why it failed, or null.</summary>
    public string? Summary { get; init; }

    /// <summary>What to do next, or null.</summary>
    public string? Hint { get; init; }

    /// <summary>The release that was rolled back from.</summary>
    public required string From { get; init; }

    /// <summary>The release that was rolled back to.</summary>
    public required string To { get; init; }

    /// <summary>The release that runs now, or null when that is unknown.</summary>
    public string? Runs { get; init; }

    /// <summary>How long the rollback took, verification included, in seconds.</summary>
    public double RollbackSeconds { get; init; }

    /// <summary>How long the whole drill took, in seconds.</summary>
    public double TotalSeconds { get; init; }

    /// <summary>The rollback's steps, in the order in which they ended.</summary>
    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    /// <summary>What the clients noticed.</summary>
    public required TrafficMeasure Traffic { get; init; }

    /// <summary>Whether any acknowledged write is lost; null when that couldn't be found out.</summary>
    public WriteProof? Writes { get; init; }

    /// <summary>Rows of each table before and after.</summary>
    public IReadOnlyList<TableChange> Rows { get; init; } = [];

    /// <summary>The backup that the rollback took, or null.</summary>
    public BackupRecord? Backup { get; init; }

    /// <summary>The run's folder, or null.</summary>
    public string? Folder { get; init; }

    /// <summary>The Compose project of the copy that it was held on, beside the deployment; null for a drill on a lab itself.</summary>
    public string? Beside { get; init; }

    /// <summary>The backup that the copy's database was restored from, or null.</summary>
    public DrillSource? Source { get; init; }

    /// <summary>What was not to be exceeded, in seconds.</summary>
    public DrillObjectives? Objectives { get; init; }

    /// <summary>The objectives that were missed, a sentence each.</summary>
    public IReadOnlyList<string> Missed { get; init; } = [];

    /// <summary>Whether the deployment is as it was before a drill beside it; null for a drill on a lab itself.</summary>
    public bool? Untouched { get; init; }

    /// <summary>In what the deployment isn't as it was.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>What was compared for that: before, after.</summary>
    public IReadOnlyList<ProductionState> Production { get; init; } = [];

    /// <summary>The report as a JSON document.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Indented);

    /// <summary>The report as one line of JSON.</summary>
    public string ToLine() => JsonSerializer.Serialize(this with { Production = [] }, Compact);

    /// <summary>Ends a drill that failed with its reason.</summary>
    /// <exception cref="RunbookException">It failed.</exception>
    public void ThrowUnlessDone()
    {
        if (Outcome != Outcome.Done)
            throw new RunbookException(Summary ?? "the drill failed", Hint, Outcome);
    }
}

/// <summary>The backup that a drill was held with.</summary>
/// <param name="File">The dump.</param>
/// <param name="TakenAt">The moment that it shows, UTC.</param>
/// <param name="AgeSeconds">How old it was when the drill began, in seconds: what a disaster at that moment would have lost.</param>
public sealed record DrillSource(string File, DateTimeOffset TakenAt, double AgeSeconds);
