namespace Runback.Runbook.Incidents;

/// <summary>
/// Text that nobody vouches for in GitHub's Markdown. Only code is literal there: mentions, references and addresses elsewhere are found in the
/// rendered text, where a backslash doesn't keep them from it (GitHub Flavored Markdown, sections 6.1 and 6.3).
/// </summary>
internal static class MarkdownText
{
    /// <summary>The text as a code span in one line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="room">Characters of it at most.</param>
    public static string Code(string text, int room = 1000)
    {
        var line = PlainText.Clip(PlainText.Line(Harmless(text)), room);
        if (line.Length == 0)
            return "";
        var fence = new string('`', LongestRun(line) + 1);
        return line[0] == '`' || line[^1] == '`' ? $"{fence} {line} {fence}" : fence + line + fence;
    }

    /// <summary>Lines as a fenced block.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="room">Lines of it at most; those in the middle are left out.</param>
    public static string Block(IReadOnlyList<string> lines, int room = 100)
    {
        if (lines.Count > room)
            lines = [.. lines.Take(room / 2), $"... {lines.Count - room / 2 * 2} lines left out ...", .. lines.TakeLast(room / 2)];
        var content = lines.Select(line => PlainText.Clip(PlainText.Line(Harmless(line)), 200)).ToList();
        var fence = new string('`', Math.Max(3, content.Select(LongestRun).DefaultIfEmpty().Max() + 1));
        return $"{fence}text\n{string.Join('\n', content)}\n{fence}";
    }

    // A comment is how Runback finds its own again, so nobody else's text may hold one.
    private static string Harmless(string text) => text.Replace("<!--", "<!\u200b--", StringComparison.Ordinal);

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        return longest;
    }
}
