using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification.Logs;
using Runback.Runbook.Verification.Metrics;

namespace Runback.Runbook.Verification;

/// <summary>What a verification expects, and the means to look.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Project">Its Compose project's name.</param>
/// <param name="Engine">The engine it runs on.</param>
/// <param name="Probe">Asks the application.</param>
/// <param name="Revisions">Reads the database's revisions.</param>
public sealed record VerificationContext(
    Deployment Deployment, string Project, EngineApi Engine, HttpProbe Probe, Func<CancellationToken, Task<IReadOnlyList<string>>> Revisions)
{
    /// <summary>How long a check tries at most: clients feel whatever is still wrong then.</summary>
    public static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(30);

    /// <summary>The image that every app service must run, or null when only their agreement is checked.</summary>
    public string? ImageId { get; init; }

    /// <summary>The release's tag, for people.</summary>
    public string? Tag { get; init; }

    /// <summary>The revisions that the database must hold, or null when none are expected in particular.</summary>
    public IReadOnlyList<string>? ExpectedRevisions { get; init; }

    /// <summary>Tells what is wrong with the rows of the version table, as far as the history is known; null for nothing.</summary>
    public Func<IReadOnlyList<string>, CancellationToken, Task<VersionFault?>> VersionFault { get; init; } = (rows, _) => Task.FromResult(VersionRows.Fault(rows));

    /// <summary>The migration heads in the release's image; empty when unknown.</summary>
    public IReadOnlyList<string> TargetHeads { get; init; } = [];

    /// <summary>Requests that the release must be able to answer.</summary>
    public IReadOnlyList<SmokeRequest> SmokeRequests { get; init; } = [];

    /// <summary>When this run had exchanged the containers, by this host's clock; null when it didn't.</summary>
    public DateTimeOffset? ExchangedAt { get; init; }

    /// <summary>What is expected of the metrics, or null when they aren't looked at.</summary>
    public MetricsOptions? Metrics { get; init; }

    /// <summary>The share of errors before the exchange, or null when it isn't known.</summary>
    public ErrorShare? ErrorsBefore { get; init; }

    /// <summary>What is looked for in the logs.</summary>
    public LogOptions Logs { get; init; } = new();

    /// <summary>What was logged before the exchange, or null when it isn't known.</summary>
    public LogBaseline? LogsBefore { get; init; }

    /// <summary>What is masked in logs.</summary>
    public Secrets Secrets { get; init; } = new();

    /// <summary>Called with how the logs have changed.</summary>
    public Action<LogChanges> LogsCompared { get; init; } = _ => { };

    /// <summary>How long all checks together may take.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long containers must have run without a restart.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one answer may take: no longer than a check may try.</summary>
    /// <param name="most">What is reasonable for that answer.</param>
    public TimeSpan OneAnswer(TimeSpan most) => most < Limit ? most : Limit;

    /// <summary>How long one check may try until it passes.</summary>
    public TimeSpan Limit { get; init; } = LongestTry;
}

/// <summary>One thing that a verification looks at.</summary>
public interface ICheck
{
    /// <summary>The check's name, as reports show it.</summary>
    string Name { get; }

    /// <summary>Whether what it finds may be another thing a moment later: where all checks pass, it looks once more when the last has ended.</summary>
    bool IsOfTheMoment => false;

    /// <summary>Looks, and says what was expected and found.</summary>
    Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation);
}
