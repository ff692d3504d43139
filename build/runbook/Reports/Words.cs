using System.Globalization;

namespace Runback.Runbook.Reports;

/// <summary>Times, durations and outcomes as a report words them.</summary>
public static class Words
{
    /// <summary>A duration: <c>3.35 s</c>, <c>41.2 s</c>, <c>1 min 24 s</c>, <c>1 h 3 min</c>.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 0 => "-" + Duration(-seconds),
        < 9.995 => $"{seconds:0.00} s",
        < 59.95 => $"{seconds:0.0} s",
        < 3599.5 => Whole(seconds, 60, "min", 1, "s"),
        < 359_970 => Whole(seconds, 3600, "h", 60, "min"),
        < 1e11 => Whole(seconds, 86400, "d", 3600, "h"),
        _ => "very long",
    };

    /// <summary>A duration that may be unknown.</summary>
    public static string Duration(double? seconds) => seconds is { } known ? Duration(known) : "not known";

    /// <summary>A moment: <c>2026-01-31 23:59:58 UTC</c>.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The time of day, UTC.</summary>
    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A number with its noun: <c>1 row</c>, <c>2,000 rows</c>.</summary>
    public static string Count(long number, string noun) => $"{Backups.Bytes.Grouped(number)} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>Names in a list for people; "none" when there are none.</summary>
    public static string List(IReadOnlyCollection<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);

    private static string Whole(double seconds, int unit, string name, int part, string partName)
    {
        var parts = (long)Math.Round(seconds / part);
        var perUnit = unit / part;
        return parts % perUnit == 0 ? $"{parts / perUnit} {name}" : $"{parts / perUnit} {name} {parts % perUnit} {partName}";
    }
}
