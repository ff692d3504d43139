namespace Runback.Runbook.Drills;

/// <summary>What a drill asks of an application, again and again: reads and writes as its users would send them.</summary>
/// <param name="Request">The request with a number, counted from 0. Called from one thread.</param>
public sealed record Workload(Func<int, TrafficRequest> Request)
{
    /// <summary>
    /// A SELECT (without a semicolon) of the keys that are stored, in a text column <c>key</c>; null when the workload only reads.
    /// It must find the keys of this drill's writes, and may find no others.
    /// </summary>
    public string? StoredKeys { get; init; }
}
