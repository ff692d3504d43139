using System.Diagnostics;

namespace Runback.Runbook.Incidents.Http;

/// <summary>When something must be over, by a clock that nobody sets.</summary>
/// <param name="Limit">How long it may take in all.</param>
internal sealed record Deadline(TimeSpan Limit)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <summary>What is left; zero when it has passed.</summary>
    public TimeSpan Left => Stopwatch.GetElapsedTime(_start) is var gone && gone < Limit ? Limit - gone : TimeSpan.Zero;
}
