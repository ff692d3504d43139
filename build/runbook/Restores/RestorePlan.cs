namespace Runback.Runbook.Restores;

/// <summary>What is to be restored, and how.</summary>
/// <param name="Dump">The dump's full path.</param>
public sealed record RestorePlan(string Dump)
{
    /// <summary>The SHA-256 of the dump that was announced: any other is refused; null where none was.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The release that it is restored for, as its mark will say; null for none.</summary>
    public string? Release { get; init; }

    /// <summary>Connections that restore side by side.</summary>
    public int Jobs { get; init; } = 4;

    /// <summary>Bytes that stay free on the database's disk: the application still writes while the dump is restored.</summary>
    public long Reserve { get; init; } = 256_000_000;
}
