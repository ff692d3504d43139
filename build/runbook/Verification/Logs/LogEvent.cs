using System.Text.RegularExpressions;

namespace Runback.Runbook.Verification.Logs;

/// <summary>How bad an event says it is.</summary>
public enum LogLevel
{
    /// <summary>It doesn't say, or nothing to worry about.</summary>
    Info,

    /// <summary>A warning.</summary>
    Warning,

    /// <summary>An error, or a traceback.</summary>
    Error,
}

/// <summary>What happened once: a line with those that belong to it, such as a traceback.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Text">All of it, at most <see cref="Longest"/> characters.</param>
/// <param name="Exception">The last line of its traceback, or null when it has none.</param>
public sealed partial record LogEvent(DateTimeOffset At, string Text, string? Exception)
{
    /// <summary>How much of an event is kept, in characters.</summary>
    public const int Longest = 8192;

    /// <summary>How bad it says it is.</summary>
    public LogLevel Level => Exception is not null ? LogLevel.Error : LevelOf(FirstLine);

    /// <summary>Its first line.</summary>
    public string FirstLine => Text.Split('\n', 2)[0];

    /// <summary>Puts lines together that belong together: indented ones, and Python's tracebacks with the exception that ends them.</summary>
    /// <param name="lines">The lines of one stream of one container, oldest first.</param>
    public static IReadOnlyList<LogEvent> Of(IEnumerable<LogLine> lines)
    {
        List<LogEvent> events = [];
        var (inTraceback, indented) = (false, false);
        foreach (var line in lines)
        {
            var isIndented = line.Text.Length > 0 && line.Text[0] is ' ' or '\t';
            var begins = line.Text.StartsWith("Traceback (most recent call last)", StringComparison.Ordinal);
            var ends = inTraceback && indented && !isIndented && line.Text.Length > 0;
            var chains = inTraceback && (line.Text.Length == 0 || line.Text.StartsWith("During handling of", StringComparison.Ordinal) || line.Text.StartsWith("The above exception", StringComparison.Ordinal));
            // An unhandled exception's traceback follows a line that has nothing to do with it.
            if (events.Count > 0 && (isIndented || ends || chains || (begins && (inTraceback || events[^1].Level > LogLevel.Info))))
            {
                var (last, room) = (events[^1], Longest - events[^1].Text.Length - 1);
                events[^1] = last with
                {
                    Text = room > 0 ? $"{last.Text}\n{line.Text[..Math.Min(line.Text.Length, room)]}" : last.Text,
                    Exception = ends ? line.Text : begins ? last.Exception ?? "" : last.Exception,
                };
            }
            else
            {
                events.Add(new LogEvent(line.At, line.Text, begins ? "" : null));
                inTraceback = false;
            }
            inTraceback |= begins;
            indented = isIndented;
        }
        return events;
    }

    private static LogLevel LevelOf(string line) => Severe().Match(line.Length > 200 ? line[..200] : line) is not { Success: true } match ? LogLevel.Info
        : char.ToUpperInvariant(match.Value[0]) == 'W' ? LogLevel.Warning : LogLevel.Error;

    // Levels as loggers write them: in capitals, after `level=`, as a JSON member, or before a colon.
    [GeneratedRegex(@"\b(?:WARN|WARNING|ERROR|CRITICAL|FATAL|PANIC)\b|(?<=\b(?:level|severity|levelname)[""']?\s*[=:]\s*[""']?)(?:[Ww]arn(?:ing)?|[Ee]rror|[Cc]ritical|[Ff]atal)\b|^(?:[Ww]arn(?:ing)?|[Ee]rror|[Cc]ritical|[Ff]atal)(?=:)")]
    private static partial Regex Severe();
}
