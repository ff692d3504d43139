namespace Runback.Runbook.Verification.Logs;

/// <summary>The events of one shape in a service's log.</summary>
/// <param name="Service">The service.</param>
/// <param name="Shape">What they have in common.</param>
/// <param name="Level">How bad the worst of them says it is.</param>
/// <param name="Count">How many there were.</param>
/// <param name="Sample">One of them: its first line, with the exception where there is one.</param>
public sealed record LogGroup(string Service, string Shape, LogLevel Level, int Count, string Sample)
{
    private const int LongestSample = 500;

    /// <summary>Groups a service's events; those of an ignored pattern are left out.</summary>
    public static IReadOnlyList<LogGroup> Of(string service, IEnumerable<LogEvent> events, LogOptions options) =>
    [
        .. events.Where(happened => options.Ignore.FirstIn(happened.Text) is null)
            .GroupBy(LogShape.Of, StringComparer.Ordinal)
            .Select(group => new LogGroup(service, group.Key, group.Max(happened => happened.Level), group.Count(), SampleOf(group.First()))),
    ];

    internal static string SampleOf(LogEvent happened)
    {
        var text = string.IsNullOrEmpty(happened.Exception) ? happened.FirstLine : $"{happened.FirstLine} | {happened.Exception}";
        return text.Length > LongestSample ? text[..LongestSample] + "\u2026" : text;
    }
}
