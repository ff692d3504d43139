using System.Text;

namespace Runback.Runbook.Reports.Journals;

/// <summary>One request of a drill's traffic.</summary>
/// <param name="At">When it was sent, UTC.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">The answer's status; null when there was none.</param>
public sealed record TrafficPoint(DateTimeOffset At, double Milliseconds, int? Status)
{
    // An hour at twenty requests a second is 72,000.
    private const int Most = 500_000;

    /// <summary>Whether nobody served it: no answer, 502, 503 or 504.</summary>
    public bool IsUnserved => Status is null or 502 or 503 or 504;

    /// <summary>Whether the application answered, but not with success.</summary>
    public bool IsError => !IsUnserved && Status is not (>= 200 and < 300);

    /// <summary>Reads a <c>traffic.jsonl</c>; lines that can't be read are left out, and a missing file is empty.</summary>
    public static IReadOnlyList<TrafficPoint> Read(string path)
    {
        try
        {
            return File.Exists(path) ? [.. File.ReadLines(path, Encoding.UTF8).Take(Most).Select(Parse).OfType<TrafficPoint>()] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static TrafficPoint? Parse(string line) =>
        JsonFacts.Parse(line) is { } facts && facts.Time("at") is { } at
            ? new TrafficPoint(at, facts.Number("ms") ?? 0, facts.Number("status") is { } status and >= 0 and < 1000 ? (int)status : null)
            : null;
}
