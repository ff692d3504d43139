namespace Runback.Runbook.Drills;

/// <summary>The time in which an application wasn't served, as its clients saw it; both ends from the traffic's start.</summary>
/// <param name="From">When the first request was sent that nobody served.</param>
/// <param name="To">When the first request was answered that was sent after the last unserved one; the traffic's end when there is none.</param>
/// <param name="Recovered">Whether there is such a request.</param>
public sealed record OutageWindow(TimeSpan From, TimeSpan To, bool Recovered)
{
    /// <summary>How long it lasted, in seconds.</summary>
    public double Seconds => Math.Round((To - From).TotalSeconds, 3);

    /// <summary>The window of a series of requests in any order, or null when every one was served.</summary>
    public static OutageWindow? Of(IReadOnlyCollection<TrafficSample> samples)
    {
        var unserved = samples.Where(sample => sample.IsUnserved).ToList();
        if (unserved.Count == 0)
            return null;
        var last = unserved.Max(sample => sample.Begun);
        var again = samples.Where(sample => !sample.IsUnserved && sample.Begun > last).MinBy(sample => sample.Ended);
        return new OutageWindow(unserved.Min(sample => sample.Begun), again?.Ended ?? samples.Max(sample => sample.Ended), again is not null);
    }
}
