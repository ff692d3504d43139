namespace Runback.Runbook.Backups;

/// <summary>How far a dump is verified. Each level includes those before it.</summary>
public enum VerifyLevel
{
    /// <summary>The bytes are those that were written: size, SHA-256, head, structure, database.</summary>
    Checksum,

    /// <summary>PostgreSQL's own pg_restore reads and decompresses all of it.</summary>
    Decode,

    /// <summary>It was restored into a scratch server, which then holds the rows that were counted when it was taken.</summary>
    Restore,
}
