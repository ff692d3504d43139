namespace Runback.Runbook.Incidents.Http;

/// <summary>How patiently services are talked to.</summary>
internal sealed record TransportOptions
{
    /// <summary>How long one attempt may take.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause before the second attempt; each later one is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a request is tried again.</summary>
    public int Repeats { get; init; } = 5;

    /// <summary>Whether plain http may leave this machine.</summary>
    public bool AllowInsecure { get; init; }
}
