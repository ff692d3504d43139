using Runback.Runbook.Backups;
using Runback.Runbook.Cutover;
using Runback.Runbook.Verification;
using Runback.Runbook.Verification.Logs;
using Runback.Runbook.Verification.Metrics;

namespace Runback.Runbook.Rollbacks;

/// <summary>What a person asked for.</summary>
public sealed record RollbackRequest
{
    /// <summary>The release to go back to, or <c>previous</c>; null where none is needed.</summary>
    public string? Tag { get; init; }

    /// <summary>Why it is rolled back, for the report and the ledger.</summary>
    public string? Reason { get; init; }

    /// <summary>The incident, for the report.</summary>
    public string? Incident { get; init; }

    /// <summary>How the database is treated.</summary>
    public Strategy Strategy { get; init; } = Strategy.Auto;

    /// <summary>How this program is called, for the commands that it proposes.</summary>
    public string Call { get; init; } = "./build.sh";

    /// <summary>Requests that the application must answer, beside its health and ready paths.</summary>
    public IReadOnlyList<SmokeRequest> SmokeRequests { get; init; } = [];

    /// <summary>What is expected of the application's metrics; null when they aren't looked at.</summary>
    public MetricsOptions? Metrics { get; init; }

    /// <summary>What is looked for in the logs.</summary>
    public LogOptions Logs { get; init; } = new();

    /// <summary>How long a verification may take; null for as long as its checks reasonably need.</summary>
    public TimeSpan? VerifyLimit { get; init; }

    /// <summary>How a verification that is called by itself goes on; null for one pass.</summary>
    public WatchOptions? Watch { get; init; }

    /// <summary>Who runs this.</summary>
    public string Operator { get; init; } = Runs.Operator.Current;

    /// <summary>Who approved an emergency strategy; never the operator.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Whether the data loss that was shown is accepted.</summary>
    public bool AcceptDataLoss { get; init; }

    /// <summary>Whether it is accepted that the application is down while the database is changed.</summary>
    public bool AcceptDowntime { get; init; }

    /// <summary>The backup that a restore leads to: <c>latest</c> that fits the target, or a file.</summary>
    public string Point { get; init; } = LatestPoint;

    /// <summary>A folder into which a forward-fix is written besides, or null.</summary>
    public string? Output { get; init; }

    /// <summary>The value of <see cref="Point"/> that means the newest backup that fits the target.</summary>
    public const string LatestPoint = "latest";

    /// <summary>How long to wait for whoever holds the deployment; zero not to wait.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.Zero;

    /// <summary>Whether the change was confirmed on the command line.</summary>
    public bool Yes { get; init; }

    /// <summary>How deep the backup is verified.</summary>
    public VerifyLevel VerifyLevel { get; init; } = VerifyLevel.Decode;

    /// <summary>The dump to verify, or null for the latest.</summary>
    public string? BackupFile { get; init; }

    /// <summary>The command that takes the backup instead of pg_dump, or null.</summary>
    public string? BackupCommand { get; init; }

    /// <summary>How containers are exchanged.</summary>
    public CutoverMode Cutover { get; init; } = CutoverMode.Recreate;

    /// <summary>What happens when it fails after something changed.</summary>
    public FailureAction OnFailure { get; init; } = FailureAction.Return;

    /// <summary>Whether a generated compose file may make app services follow the tag variable.</summary>
    public bool AcceptOverride { get; init; }

    /// <summary>Whether exchanging the containers may change more of them than their release.</summary>
    public bool AcceptDrift { get; init; }

    /// <summary>How long containers may take to get healthy.</summary>
    public TimeSpan HealthLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long containers must have run without a restart.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(5);
}
