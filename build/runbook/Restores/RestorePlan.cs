namespace Runback.Runbook.Restores;

/// <summary>What is to be restored, and how.</summary>
/// <param name="Dump">The dump's full path.</param>
public sealed record RestorePlan(string Dump)
{
    /// <summary>The SHA-256 that the run saw when it took, verified or rehearsed the dump; null where it did none of these.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Connections that restore side by side.</summary>
    public int Jobs { get; init; } = 4;

    /// <summary>Bytes that stay free on the database's disk: the application still writes while the dump is restored.</summary>
    public long Reserve { get; init; } = 256_000_000;
}
