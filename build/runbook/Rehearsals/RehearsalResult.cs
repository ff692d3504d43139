using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Runback.Runbook.Backups;
using Runback.Runbook.Migrations;
using Runback.Runbook.Rehearsals.Observation;

namespace Runback.Runbook.Rehearsals;

/// <summary>What a rehearsal found. A trial that failed is a finding; the rehearsal itself went to its end.</summary>
public sealed record RehearsalResult
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The backup, which was restored and compared on the way.</summary>
    public required VerifiedBackup Backup { get; init; }

    /// <summary>The target release over the schema as it is.</summary>
    public required AppTrial KeptSchema { get; init; }

    /// <summary>The downgrade; null when there is no way back.</summary>
    public MigrationTrial? Downgrade { get; init; }

    /// <summary>Why no downgrade was tried, or null.</summary>
    public string? NoDowngrade { get; init; }

    /// <summary>The target release over the schema that the downgrade left; null when it failed or wasn't tried.</summary>
    public AppTrial? DowngradedSchema { get; init; }

    /// <summary>The upgrade from the target's schema to the database's own revisions, which the verdict was observed in.</summary>
    public MigrationTrial? Upgrade { get; init; }

    /// <summary>Whether that upgrade began with an empty database, because there was no working way down and up again.</summary>
    public bool FromEmpty { get; init; }

    /// <summary>What is otherwise than before after the way down and up again; a sentence for each difference.</summary>
    public IReadOnlyList<string> RoundTripDifferences { get; init; } = [];

    /// <summary>The verdict of the upgrade as observed.</summary>
    public Verdict Observed { get; init; } = Verdict.Unknown;

    /// <summary>The reasons of that verdict.</summary>
    public IReadOnlyList<ObservedReason> ObservedReasons { get; init; } = [];

    /// <summary>Where what was observed and what was read differ; a sentence for each.</summary>
    public IReadOnlyList<string> RuleFaults { get; init; } = [];

    /// <summary>What the downgrade destroys.</summary>
    public IReadOnlyList<LostData> Losses { get; init; } = [];

    /// <summary>The schema that the downgrade ended in, for comparing with production's after its own; null without a working downgrade.</summary>
    [JsonIgnore]
    public CatalogSnapshot? SchemaAfterDowngrade { get; init; }

    /// <summary>The revisions that the downgrade ended in; empty without one.</summary>
    public IReadOnlyList<string> RevisionsAfterDowngrade { get; init; } = [];

    /// <summary>How long each part took, in the order in which they ended.</summary>
    public IReadOnlyList<RehearsalStage> Stages { get; init; } = [];

    /// <summary>How long all of it took.</summary>
    public double Seconds { get; init; }

    /// <summary>The result as a JSON document. Names are stable.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);
}

/// <summary>A part of a rehearsal.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record RehearsalStage(string Name, double Seconds);
