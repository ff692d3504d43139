using System.Text.RegularExpressions;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>
/// Reads the comments by which a migration allows what rules find: beside a statement or on a line of its own before it, for that statement; at the very beginning
/// of a line, for the whole file.
/// </summary>
internal static partial class Allowances
{
    /// <summary>The allowances of a file.</summary>
    internal static ValueList<Allowance> Read(string text)
    {
        if (!text.Contains("runback:", StringComparison.Ordinal))
            return [];
        var tokens = Tokenizer.Read(text);
        var quoted = tokens.FindAll(token => token.Kind == TokenKind.Quoted);
        var lines = Lines(tokens);
        var found = new List<Allowance>();
        foreach (Match match in Comment().Matches(text))
        {
            // What a text says is no comment.
            if (quoted.Exists(token => match.Index >= token.Start && match.Index < token.End))
                continue;
            var begin = text.LastIndexOf('\n', Math.Max(0, match.Index - 1)) + 1;
            var line = 1 + text.AsSpan(0, match.Index).Count('\n');
            var (from, to) = match.Index == begin || match.Index == 0 ? (0, int.MaxValue) : Statement(lines, line);
            var why = match.Groups["why"].Value.Trim();
            found.AddRange(match.Groups["rules"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(rule => new Allowance(rule, why, from, to)));
        }

        return found.ToValueList();
    }

    // The statement that stands on the line, else the next one.
    private static (int From, int To) Statement(List<(int From, int To)> lines, int line) =>
        lines.Find(one => one.To >= line) is { From: > 0 } found ? found : (line, line);

    private static List<(int From, int To)> Lines(List<Token> tokens)
    {
        var lines = new List<(int, int)>();
        var first = 0;
        foreach (var token in tokens)
        {
            if (token.Kind is TokenKind.NewLine or TokenKind.End)
            {
                if (first > 0)
                    lines.Add((first, token.Line));
                first = 0;
            }
            else if (first == 0 && token.Kind is not (TokenKind.Indent or TokenKind.Dedent))
            {
                first = token.Line;
            }
        }

        return lines;
    }

    [GeneratedRegex(@"#[ \t]*runback:[ \t]*allow[ \t]+(?<rules>[a-z]+(?:-[a-z]+)+(?:[ \t]*,[ \t]*[a-z]+(?:-[a-z]+)+)*)(?:[ \t]*(?:—|–|:)|[ \t]+--?)?(?<why>[^\n]*)", RegexOptions.None, 1000)]
    private static partial Regex Comment();
}
