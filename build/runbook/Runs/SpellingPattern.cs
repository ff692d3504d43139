using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Runs;

/// <summary>
/// Finds a value whose punctuation is escaped, by whatever rules: URLs, JSON (also within JSON), shells, Python, SQL, HTML, CSV. Letters and digits stand for
/// themselves everywhere, so only the other characters have more than one spelling.
/// </summary>
internal sealed class SpellingPattern
{
    // A longer text (a key of many lines) is found by its lines.
    private const int Longest = 512;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private readonly Regex _regex;

    private SpellingPattern(string anchor, Regex regex) => (Anchor, _regex) = (anchor, regex);

    /// <summary>What every spelling holds.</summary>
    public string Anchor { get; }

    /// <summary>The patterns of a value and of its lines; none where there is nothing to escape.</summary>
    public static IEnumerable<SpellingPattern> Of(string value) => SecretSpellings.Lines(value)
        .Where(line => line.Length <= Longest && line.Any(c => !char.IsAsciiLetterOrDigit(c)))
        .Select(line => new SpellingPattern(AnchorOf(line), new Regex(string.Concat(Units(line).Select(Spellings)), RegexOptions.CultureInvariant, Patience)));

    /// <summary>Where it is in a text.</summary>
    public IEnumerable<(int Start, int End)> In(string text)
    {
        if (!text.Contains(Anchor, StringComparison.Ordinal))
            yield break;
        for (var at = 0; at <= text.Length && Next(text, at) is var (start, end); at = Math.Max(start + 1, end))
            yield return (start, end);
    }

    private (int Start, int End)? Next(string text, int at)
    {
        try
        {
            return _regex.Match(text, at) is { Success: true } match ? (match.Index, match.Index + match.Length) : null;
        }
        catch (RegexMatchTimeoutException)
        {
            // What can't be looked through isn't shown.
            return (at, text.Length);
        }
    }

    // The longest stretch that no rule changes.
    private static string AnchorOf(string value)
    {
        var (best, start) = ("", 0);
        for (var at = 0; at <= value.Length; at++)
        {
            if (at < value.Length && char.IsAsciiLetterOrDigit(value[at]))
                continue;
            if (at - start > best.Length)
                best = value[start..at];
            start = at + 1;
        }
        return best;
    }

    private static IEnumerable<string> Units(string value)
    {
        for (var at = 0; at < value.Length; at++)
        {
            var length = char.IsHighSurrogate(value[at]) && at + 1 < value.Length && char.IsLowSurrogate(value[at + 1]) ? 2 : 1;
            yield return value.Substring(at, length);
            at += length - 1;
        }
    }

    private static string Spellings(string unit)
    {
        if (char.IsAsciiLetterOrDigit(unit[0]))
            return unit;
        var bytes = Encoding.UTF8.GetBytes(unit);
        var code = char.IsSurrogatePair(unit, 0) ? char.ConvertToUtf32(unit, 0) : unit[0];
        List<string> all =
        [
            // Any number of backslashes before it: a shell's, JSON's, JSON's within JSON.
            $@"\\{{0,8}}{Regex.Escape(unit)}",
            string.Concat(bytes.Select(b => $"%(?:25)?{Hex(b, 2)}")),
            string.Concat(unit.Select(c => $@"\\{{1,4}}u{Hex(c, 4)}")),
            string.Concat(bytes.Select(b => $@"\\{{1,4}}x{Hex(b, 2)}")),
            string.Concat(bytes.Select(b => $@"\\{{1,4}}0?{Convert.ToString(b, 8).PadLeft(3, '0')}")),
            $"&#0*{code.ToString(CultureInfo.InvariantCulture)};",
            $"&#[xX]0*{Hex(code, 1)};",
        ];
        if (code is > 0x7f and <= 0xff)
            all.Add($@"\\{{1,4}}x{Hex(code, 2)}");
        if (unit[0] == '\\')
            all.Add(@"\\{1,8}");
        all.AddRange(unit[0] switch
        {
            ' ' => [@"\+"],
            '\t' => [@"\\{1,4}t"],
            '\n' => [@"\\{1,4}n"],
            '\r' => [@"\\{1,4}r"],
            '&' => ["&amp;"],
            '<' => ["&lt;"],
            '>' => ["&gt;"],
            // SQL and CSV double them; a shell leaves its quotes and enters them again.
            '"' => ["&quot;", "\"\""],
            '\'' => ["&apos;", "''", @"'\\{1,4}''", "'\"'\"'"],
            // Compose's.
            '$' => [@"\$\$"],
            _ => (string[])[],
        });
        return $"(?:{string.Join('|', all)})";
    }

    private static string Hex(int number, int digits) =>
        string.Concat(number.ToString("X", CultureInfo.InvariantCulture).PadLeft(digits, '0').Select(c => char.IsAsciiLetter(c) ? $"[{c}{char.ToLowerInvariant(c)}]" : c.ToString()));
}
