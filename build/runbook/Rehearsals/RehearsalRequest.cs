using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Migrations;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Rehearsals;

/// <summary>What is to be rehearsed.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Project">Its resolved Compose project.</param>
/// <param name="Database">The running container of the database, whose image the copy runs.</param>
/// <param name="Run">The run, for labels.</param>
/// <param name="Dump">The full path of the backup that the copy is restored from.</param>
/// <param name="SystemIdentifier">The cluster that the backup must be of; null accepts any.</param>
/// <param name="TargetImage">The image of the release to go back to, on the engine's host: its id, or a reference.</param>
/// <param name="TargetHeads">The migration heads in that image.</param>
/// <param name="NewerImage">The image that holds the database's own revisions: the one that runs.</param>
/// <param name="Revisions">The revisions that the database holds.</param>
public sealed record RehearsalRequest(
    Deployment Deployment, ComposeProject Project, Container Database, string Run, string Dump, string? SystemIdentifier,
    string TargetImage, IReadOnlyList<string> TargetHeads, string NewerImage, IReadOnlyList<string> Revisions)
{
    /// <summary>What <c>alembic downgrade</c> is called with, one call for each, in order; empty when there is no way back.</summary>
    public IReadOnlyList<string> DowngradePlan { get; init; } = [];

    /// <summary>The SHA-256 that the run saw when it took or verified the dump; null where it did neither.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether only the target release is tried over the copy, and no migration is run.</summary>
    public bool OnlyApplication { get; init; }

    /// <summary>Why there is no way back, or null.</summary>
    public string? NoDowngrade { get; init; }

    /// <summary>The verdict as read from the migrations, to be compared with what is observed; null when there is none.</summary>
    public PathAssessment? Assessment { get; init; }

    /// <summary>When the release that is left went live, UTC; null when nobody knows.</summary>
    public DateTimeOffset? BadSince { get; init; }

    /// <summary>Requests that the target release must be able to answer.</summary>
    public IReadOnlyList<SmokeRequest> SmokeRequests { get; init; } = [];

    /// <summary>How long a release may take until it is healthy and ready.</summary>
    public TimeSpan HealthLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one statement of a migration may take.</summary>
    public TimeSpan StatementLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long one call of Alembic may take in all.</summary>
    public TimeSpan MigrationLimit { get; init; } = TimeSpan.FromHours(1);
}
