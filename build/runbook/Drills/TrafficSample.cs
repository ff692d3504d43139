namespace Runback.Runbook.Drills;

/// <summary>How one request went.</summary>
/// <param name="Begun">When it was sent, from the traffic's start.</param>
/// <param name="Duration">How long until the whole answer was there, or the attempt was over.</param>
/// <param name="Status">The answer's status; null when there was none (refused, broken off, too late).</param>
/// <param name="Key">What a write was to leave behind, or null for a read.</param>
public sealed record TrafficSample(TimeSpan Begun, TimeSpan Duration, int? Status, string? Key = null)
{
    /// <summary>Whether nobody served it: no answer, or the proxy's 502, 503 or 504 (RFC 9110, 15.6.3 to 15.6.5).</summary>
    public bool IsUnserved => Status is null or 502 or 503 or 504;

    /// <summary>Whether the application answered, but not as it should: anything outside 2xx that isn't an outage.</summary>
    public bool IsError => !IsUnserved && Status is not (>= 200 and < 300);

    /// <summary>Whether it is a write that the application acknowledged.</summary>
    public bool IsAcknowledged => Key is not null && Status is >= 200 and < 300;

    /// <summary>When it was over, from the traffic's start.</summary>
    public TimeSpan Ended => Begun + Duration;

    /// <summary>The answer in a word.</summary>
    public string Found => Status?.ToString() ?? "no answer";
}
