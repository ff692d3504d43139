namespace Runback.Runbook.Verification;

/// <summary>The workers' sign of life, as the application sees it.</summary>
/// <param name="Age">How long ago they signed.</param>
/// <param name="Threshold">How long ago it may be.</param>
public sealed record Heartbeat(TimeSpan Age, TimeSpan Threshold)
{
    /// <summary>Whether it is fresh; one that lies further in the future than the threshold tells of a clock gone wrong.</summary>
    public bool IsFresh => Age <= Threshold && Age >= -Threshold;
}
