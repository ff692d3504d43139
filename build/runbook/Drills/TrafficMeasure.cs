namespace Runback.Runbook.Drills;

/// <summary>What a drill's traffic measured. Seconds and milliseconds as named; errors are answers of the application that it shouldn't give.</summary>
/// <param name="Seconds">How long it was sent.</param>
/// <param name="Requests">Requests sent.</param>
/// <param name="LeftOut">Requests that were due and not sent, because too many still waited for their answer.</param>
/// <param name="Failed">Requests that nobody served: no answer, 502, 503, 504.</param>
/// <param name="OutageSeconds">From the first failed request to the first answer to one that was sent after the last failed one; 0 when none failed.</param>
/// <param name="OutageAt">When the first failed request was sent, UTC; null when none failed.</param>
/// <param name="Recovered">Whether the application was served when the traffic ended.</param>
/// <param name="ErrorsBefore">Errors of requests sent before the cutover was done.</param>
/// <param name="ErrorsAfter">Errors of requests sent after it.</param>
/// <param name="MedianMilliseconds">The median time to an answer.</param>
/// <param name="SlowestMilliseconds">The longest time to an answer.</param>
public sealed record TrafficMeasure(
    double Seconds, int Requests, int LeftOut, int Failed, double OutageSeconds, DateTimeOffset? OutageAt, bool Recovered,
    int ErrorsBefore, int ErrorsAfter, double MedianMilliseconds, double SlowestMilliseconds)
{
    /// <summary>Measures a series of requests.</summary>
    /// <param name="samples">How they went.</param>
    /// <param name="startedAt">When the traffic began, UTC.</param>
    /// <param name="leftOut">Requests that weren't sent.</param>
    /// <param name="cutover">When the cutover was done, from the traffic's start; null when it never was.</param>
    public static TrafficMeasure Of(IReadOnlyCollection<TrafficSample> samples, DateTimeOffset startedAt, int leftOut = 0, TimeSpan? cutover = null)
    {
        var outage = OutageWindow.Of(samples);
        var answered = samples.Where(sample => !sample.IsUnserved).Select(sample => sample.Duration.TotalMilliseconds).Order().ToList();
        var errors = samples.Where(sample => sample.IsError).ToList();
        var after = errors.Count(sample => sample.Begun > cutover);
        return new TrafficMeasure(
            Math.Round(samples.Select(sample => sample.Ended.TotalSeconds).DefaultIfEmpty().Max(), 3), samples.Count, leftOut,
            samples.Count(sample => sample.IsUnserved), outage?.Seconds ?? 0, startedAt + outage?.From, outage?.Recovered ?? samples.Count > 0,
            errors.Count - after, after,
            answered.Count == 0 ? 0 : Math.Round(answered[answered.Count / 2], 1), answered.Count == 0 ? 0 : Math.Round(answered[^1], 1));
    }
}
