using System.Globalization;
using System.Text.RegularExpressions;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification.Logs;

/// <summary>A line that a container logged.</summary>
/// <param name="At">When the engine received it, UTC.</param>
/// <param name="Text">The line, without what would steer a terminal.</param>
public sealed partial record LogLine(DateTimeOffset At, string Text)
{
    /// <summary>Reads a line of <c>docker logs --timestamps</c>: an RFC 3339 time, a blank, the text. Null when it isn't one.</summary>
    public static LogLine? TryParse(string line)
    {
        var blank = line.IndexOf(' ', StringComparison.Ordinal);
        var time = blank < 0 ? line : line[..blank];
        // The engine writes nanoseconds; .NET counts in tenths of microseconds.
        return DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && time.Contains('T', StringComparison.Ordinal)
            ? new LogLine(at, blank < 0 ? "" : Clean(line[(blank + 1)..]))
            : null;
    }

    /// <summary>The line as it is stored: it can be read again.</summary>
    public override string ToString() => $"{At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)} {Text}";

    private static string Clean(string text) =>
        Narration.Printable(Password().Replace(UrlCredentials.Mask(Escape().Replace(text.TrimEnd('\r'), "")), "${before}***"));

    // ECMA-48 control sequences (colours), and OSC strings (titles, links) up to their end.
    [GeneratedRegex(@"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\^_]")]
    private static partial Regex Escape();

    // libpq's and others' connection strings, query strings, headers: what an application was never given in its environment is in none of the values that are known.
    [GeneratedRegex(@"(?<before>\b(?:password|passwd|pwd|passphrase|client_secret|api[_-]?key|access[_-]?token)\s*=\s*)(?:'(?:[^'\\]|\\.){0,400}'|""(?:[^""\\]|\\.){0,400}""|[^\s;&,""')}]{1,400})|(?<before>\bauthorization\b[""']?\s*[:=]\s*[""']?(?:bearer|basic|token)\s+)[^\s""',]{1,2000}", RegexOptions.IgnoreCase)]
    private static partial Regex Password();
}
