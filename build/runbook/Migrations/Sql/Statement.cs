using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>One SQL statement: its significant tokens, without the semicolon.</summary>
/// <param name="Tokens">The tokens; at least one.</param>
/// <param name="Source">The whole text that it was cut from.</param>
internal sealed record Statement(ValueList<Token> Tokens, string Source)
{
    /// <summary>The line that it begins on, from 0.</summary>
    public int Line => Tokens[0].Line;

    /// <summary>Its first words, for messages.</summary>
    public string FirstWords
    {
        get
        {
            var words = string.Join(' ', Tokens.Take(6).Select(token => token.Text.ReplaceLineEndings(" ")));
            return words.Length > 80 ? words[..80] + "…" : words + (Tokens.Count > 6 ? " …" : "");
        }
    }

    /// <summary>
    /// Cuts a text at its semicolons, except those inside parentheses and inside a function body that stands without quotes
    /// (<c>BEGIN ATOMIC … END</c>, PostgreSQL 14).
    /// </summary>
    public static IEnumerable<Statement> Split(string sql) => Split(sql, Lexer.Tokens(sql));

    /// <summary>The same of a text that was cut into tokens already.</summary>
    public static IEnumerable<Statement> Split(string sql, IReadOnlyList<Token> all)
    {
        var tokens = new List<Token>();
        int parentheses = 0, atomic = 0, cases = 0;
        foreach (var token in all.Where(token => token.Significant))
        {
            if (token.Is(";") && parentheses <= 0 && atomic == 0)
            {
                if (tokens.Count > 0)
                    yield return new Statement(tokens.ToValueList(), sql);
                (tokens, parentheses, cases) = ([], 0, 0);
                continue;
            }
            parentheses += token.Is("(") ? 1 : token.Is(")") ? -1 : 0;
            if (token.IsWord("atomic") && tokens.Count > 0 && tokens[^1].IsWord("begin") && MakesRoutine(tokens))
                atomic++;
            else if (atomic > 0 && token.IsWord("case"))
                cases++;
            else if (atomic > 0 && token.IsWord("end"))
                (atomic, cases) = cases > 0 ? (atomic, cases - 1) : (atomic - 1, 0);
            tokens.Add(token);
        }
        if (tokens.Count > 0)
            yield return new Statement(tokens.ToValueList(), sql);
    }

    // Both words may be names elsewhere: only a routine has a body.
    private static bool MakesRoutine(List<Token> tokens) =>
        tokens[0].IsWord("create")
        && tokens.Take(4).Skip(1).SkipWhile(token => token.IsWord("or") || token.IsWord("replace")).FirstOrDefault() is { } kind
        && (kind.IsWord("function") || kind.IsWord("procedure"));
}
