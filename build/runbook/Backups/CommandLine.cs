using System.Text;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>
/// Splits a configured command into its arguments, without any shell: words are separated by blanks; <c>'…'</c> keeps everything as it
/// is; <c>"…"</c> keeps everything but <c>\"</c> and <c>\\</c>; elsewhere a backslash keeps the next character. Nothing is expanded:
/// <c>$</c>, <c>*</c>, <c>|</c> and <c>;</c> are ordinary characters.
/// </summary>
public static class CommandLine
{
    /// <summary>Splits a line into words.</summary>
    /// <exception cref="RunbookException">A quote isn't closed, the line ends with a backslash, or it holds no word.</exception>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (char.IsWhiteSpace(c))
            {
                if (word is not null)
                    words.Add(word.ToString());
                word = null;
                continue;
            }
            word ??= new StringBuilder();
            if (c is '\'' or '"')
                i = Quoted(line, i, word);
            else if (c == '\\')
                word.Append(++i < line.Length ? line[i] : throw Unusable(line, "a backslash at its end"));
            else
                word.Append(c);
        }
        if (word is not null)
            words.Add(word.ToString());
        return words.Count > 0 && words[0].Length > 0 ? words : throw Unusable(line, "none");
    }

    private static int Quoted(string line, int open, StringBuilder word)
    {
        for (var i = open + 1; i < line.Length; i++)
        {
            if (line[i] == line[open])
                return i;
            if (line[open] == '"' && line[i] == '\\' && i + 1 < line.Length && line[i + 1] is '"' or '\\')
                i++;
            word.Append(line[i]);
        }
        throw Unusable(line, $"a quote {line[open]} that isn't closed");
    }

    private static RunbookException Unusable(string line, string found) => RunbookException.Usage(
        $"expected a command and its arguments in `{line}`, found {found}", "quote words with blanks: --backup-command \"./scripts/backup_pg.sh 'a b'\"");
}
