using Runback.Runbook.Runs;

namespace Runback.Runbook.Incidents.FollowUps;

/// <summary>What a follow-up ticket tells whoever writes the forward-fix. Whatever isn't known is null or empty and shown as such.</summary>
public sealed record FollowUpFacts
{
    /// <summary>The deployment: its Compose project.</summary>
    public required string Deployment { get; init; }

    /// <summary>The release that was rolled back from, the one that needs the fix: its tag.</summary>
    public string? Release { get; init; }

    /// <summary>The tag that runs now.</summary>
    public string? Target { get; init; }

    /// <summary>The strategy.</summary>
    public string? Strategy { get; init; }

    /// <summary>The database's revisions before.</summary>
    public IReadOnlyList<string> RevisionsBefore { get; init; } = [];

    /// <summary>The database's revisions after.</summary>
    public IReadOnlyList<string> RevisionsAfter { get; init; } = [];

    /// <summary>The verdict of the migrations between the two releases.</summary>
    public string? Verdict { get; init; }

    /// <summary>The verdict's reasons, a line each.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>What data was lost, in words.</summary>
    public string? DataLoss { get; init; }

    /// <summary>The incident, as it was given.</summary>
    public string? Incident { get; init; }

    /// <summary>Why there was no forward-fix then.</summary>
    public string? Reason { get; init; }

    /// <summary>Who did it.</summary>
    public string? Operator { get; init; }

    /// <summary>From which host.</summary>
    public string? Host { get; init; }

    /// <summary>The backup's file.</summary>
    public string? Backup { get; init; }

    /// <summary>How it ended.</summary>
    public string? Outcome { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How long clients noticed it.</summary>
    public TimeSpan? Outage { get; init; }

    /// <summary>What happened when, a line each.</summary>
    public IReadOnlyList<string> Timeline { get; init; } = [];

    /// <summary>Where the report is.</summary>
    public string? Report { get; init; }

    /// <summary>When the run began, UTC.</summary>
    public DateTimeOffset StartedAt { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>The facts that a run's result holds; verdict and data loss are added by whoever knows them.</summary>
    /// <param name="result">The result.</param>
    /// <param name="deployment">The deployment's name.</param>
    public static FollowUpFacts Of(RunResult result, string deployment) => new()
    {
        Deployment = deployment,
        Release = result.From?.Tag,
        Target = result.To?.Tag,
        Strategy = result.Strategy,
        RevisionsBefore = result.Database?.Before ?? [],
        RevisionsAfter = result.Database?.After ?? [],
        Incident = result.Incident,
        Reason = result.Reason,
        Operator = Environment.UserName,
        Host = Environment.MachineName,
        Backup = result.Backup?.File,
        Outcome = result.Outcome.ToString(),
        Duration = (result.EndedAt ?? DateTimeOffset.UtcNow) - result.StartedAt,
        Outage = result.Outage is { } outage ? TimeSpan.FromSeconds(outage.Seconds) : null,
        Timeline = [.. result.Steps.Select(step => $"{step.Name}: {step.Outcome}, {step.Seconds:0.0} s{(step.Detail is null ? "" : $": {step.Detail}")}")],
        Report = result.Report,
        StartedAt = result.StartedAt,
    };
}
