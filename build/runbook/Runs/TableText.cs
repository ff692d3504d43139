using System.Text;

namespace Runback.Runbook.Runs;

/// <summary>Text for the cells of a table on a terminal.</summary>
public static class TableText
{
    private const int LongestWord = 6;

    /// <summary>
    /// The text, printable, with blanks in long words of wide characters: Spectre.Console can't break such a word where a column ends
    /// (<c>Segment.SplitOverflow</c> of 0.49 throws ArgumentOutOfRangeException).
    /// </summary>
    public static string Of(string text)
    {
        var printable = Narration.Printable(text);
        if (!printable.Any(IsWide))
            return printable;
        var broken = new StringBuilder();
        var run = 0;
        foreach (var rune in printable.EnumerateRunes())
        {
            run = Rune.IsWhiteSpace(rune) ? 0 : run + 1;
            if (run > LongestWord)
            {
                broken.Append(' ');
                run = 1;
            }
            broken.Append(rune);
        }
        return broken.ToString();
    }

    // Unicode Standard Annex 11: from here on characters may take two columns, and pairs of surrogates most often do.
    private static bool IsWide(char c) => c is (>= '\u1100' and <= '\u115f') or >= '\u2e80';
}
