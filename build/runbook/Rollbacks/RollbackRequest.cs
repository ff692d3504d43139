using Runback.Runbook.Backups;
using Runback.Runbook.Cutover;

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

    /// <summary>How long containers may take to get healthy.</summary>
    public TimeSpan HealthLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long containers must have run without a restart.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(5);
}
