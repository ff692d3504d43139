using System.Globalization;
using System.Text.RegularExpressions;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>Times as people write them: <c>90s</c>, <c>30m</c>, <c>1h30m</c>.</summary>
public static partial class Duration
{
    /// <summary>Reads one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The parameter that it was given for.</param>
    /// <exception cref="RunbookException">It isn't one, or is longer than a week (outcome Usage).</exception>
    public static TimeSpan Parse(string text, string name)
    {
        var time = TimeSpan.Zero;
        if (Form().Match(text.Trim()) is { Success: true } match)
        {
            double Of(string unit) => match.Groups[unit] is { Success: true } group ? double.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
            time = TimeSpan.FromSeconds(Of("h") * 3600 + Of("m") * 60 + Of("s"));
        }
        return time > TimeSpan.Zero && time <= TimeSpan.FromDays(7) ? time
            : throw RunbookException.Usage($"expected a time of at most a week for {name}, found `{text}`", "write it as 90s, 30m or 1h30m");
    }

    /// <summary>The shortest way to write one that people read.</summary>
    public static string Text(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours}h{time.Minutes:00}m" : time.TotalMinutes >= 1 ? $"{(int)time.TotalMinutes}m{time.Seconds:00}s" : $"{time.TotalSeconds:0}s";

    [GeneratedRegex(@"^(?=[0-9])(?:(?<h>[0-9]{1,4})h)?(?:(?<m>[0-9]{1,5})m)?(?:(?<s>[0-9]{1,6})s)?$")]
    private static partial Regex Form();
}
