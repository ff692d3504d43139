using Runback.Runbook.Databases;

namespace Runback.Runbook.Backups;

/// <summary>What is to be verified, and how far.</summary>
/// <param name="File">The dump's full path.</param>
/// <param name="Database">The database that it must be of.</param>
/// <param name="Level">How far.</param>
/// <param name="Image">The image of the database's container, for the levels that run PostgreSQL's programs.</param>
/// <param name="Deployment">The deployment, for labels.</param>
/// <param name="Run">The run, for labels.</param>
public sealed record VerifyRequest(string File, string Database, VerifyLevel Level, string Image, string Deployment, string Run)
{
    /// <summary>The cluster that it must be of, where both are known; null accepts any.</summary>
    public string? SystemIdentifier { get; init; }

    /// <summary>The SHA-256 that the run itself saw when it took or verified the dump: then nothing beside the dump is believed instead. Null where it knows none.</summary>
    public string? Sha256 { get; init; }

    /// <summary>How many copies of the database there must be room for, where it is restored.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Connections that restore side by side.</summary>
    public int Jobs { get; init; } = 4;
}

/// <summary>A dump that passed.</summary>
/// <param name="File">Its full path.</param>
/// <param name="Sha256">Its SHA-256, 64 lower-case hexadecimal digits.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Level">How far it was verified now.</param>
/// <param name="Seconds">How long that took.</param>
/// <param name="Tables">The rows that the restored copy holds; null below <see cref="VerifyLevel.Restore"/>.</param>
/// <param name="Revisions">Alembic's revisions in it, where known.</param>
public sealed record VerifiedBackup(
    string File, string Sha256, long Bytes, VerifyLevel Level, double Seconds, IReadOnlyList<TableRows>? Tables, IReadOnlyList<string>? Revisions);
