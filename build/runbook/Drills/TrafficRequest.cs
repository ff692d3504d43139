namespace Runback.Runbook.Drills;

/// <summary>One request of a workload: a GET, or a POST of JSON where there is a body.</summary>
/// <param name="Path">Its path and query, from the base address.</param>
/// <param name="Json">The body, or null.</param>
/// <param name="Key">What the write leaves behind, so that it can be found in the database afterwards; null for a request that stores nothing.</param>
public sealed record TrafficRequest(string Path, string? Json = null, string? Key = null);
