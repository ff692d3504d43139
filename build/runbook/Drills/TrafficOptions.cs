namespace Runback.Runbook.Drills;

/// <summary>How much traffic there is.</summary>
public sealed record TrafficOptions
{
    /// <summary>Requests sent in a second.</summary>
    public double PerSecond { get; init; } = 20;

    /// <summary>How many may wait for their answer at once; while so many do, the next ones are left out and counted.</summary>
    public int InFlight { get; init; } = 32;

    /// <summary>How long one request waits for its answer; a later one counts as none.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Opens the way to an application that isn't reached by its address; connections over it are kept. Null for its address.</summary>
    public Func<CancellationToken, ValueTask<Stream>>? Connect { get; init; }
}
