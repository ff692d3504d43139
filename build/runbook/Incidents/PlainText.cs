using System.Text;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Incidents;

/// <summary>Text that nobody vouches for, made fit to be shown: no control characters, no broken surrogates, no longer than there is room.</summary>
internal static class PlainText
{
    private const string Ellipsis = "\u2026";
    private const char Nothing = '\u200b';

    /// <summary>The text in one line: printable, blanks and line ends folded into single blanks.</summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var rune in Narration.Printable(text.ReplaceLineEndings("\n")).EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune))
                line.Append(rune);
            else if (line.Length > 0 && line[^1] != ' ')
                line.Append(' ');
        }
        return line.ToString().TrimEnd();
    }

    /// <summary>
    /// The text with what services turn into mentions and links by themselves broken by a character of no width: <c>@channel</c>,
    /// <c>https://</c>, <c>www.</c>, HTML comments and the date functions of Adaptive Cards.
    /// </summary>
    public static string Defang(string text) => text
        .Replace("@", "@" + Nothing, StringComparison.Ordinal)
        .Replace("://", ":" + Nothing + "//", StringComparison.Ordinal)
        .Replace("www.", "www" + Nothing + ".", StringComparison.OrdinalIgnoreCase)
        .Replace("<!--", "<!" + Nothing + "--", StringComparison.Ordinal)
        .Replace("{{", "{" + Nothing + "{", StringComparison.Ordinal);

    /// <summary>The text's beginning, escaped character by character, so that the whole has at most so many UTF-16 characters and no escape is cut.</summary>
    /// <param name="text">The text.</param>
    /// <param name="room">How many characters there is room for.</param>
    /// <param name="escape">How a character is written; null writes it as it is.</param>
    public static string Clip(string text, int room, Func<Rune, string>? escape = null)
    {
        var written = new StringBuilder();
        var fits = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            written.Append(escape is null ? rune.ToString() : escape(rune));
            if (written.Length > room)
                return written.ToString(0, fits) + Ellipsis;
            if (written.Length <= room - Ellipsis.Length)
                fits = written.Length;
        }
        return written.ToString();
    }

    /// <summary>A span of time for people.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 9.95 } => $"{span.TotalSeconds:0.#} s",
        { TotalSeconds: < 60 } => $"{span.TotalSeconds:0} s",
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        _ => $"{(int)span.TotalHours} h {span.Minutes} min",
    };
}
