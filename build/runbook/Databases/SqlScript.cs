namespace Runback.Runbook.Databases;

/// <summary>
/// Takes SQL apart into its statements, each of which is sent by itself, as psql does: some may not share a transaction with others. A semicolon ends one outside
/// of quotes, comments, parentheses and the bodies of SQL functions (PostgreSQL manual, 4.1 "Lexical Structure"; CREATE FUNCTION, <c>BEGIN ATOMIC</c>).
/// </summary>
internal static class SqlScript
{
    /// <summary>The statements, without the semicolons; those that hold nothing but comments are left out.</summary>
    public static IReadOnlyList<string> Statements(string sql)
    {
        var statements = new List<string>();
        var (start, parentheses, body, isEmpty) = (0, 0, 0, true);
        var words = new List<string>();
        for (var at = 0; at < sql.Length;)
        {
            var c = sql[at];
            if (Comment(sql, at) is var comment and > 0)
            {
                at = comment;
                continue;
            }
            if (c == ';' && parentheses == 0 && body == 0)
            {
                if (!isEmpty)
                    statements.Add(sql[start..at].Trim());
                (start, isEmpty) = (++at, true);
                words.Clear();
                continue;
            }
            isEmpty &= char.IsWhiteSpace(c);
            if (c is '(' or ')')
                parentheses = Math.Max(0, parentheses + (c == '(' ? 1 : -1));
            if (IsWord(c))
            {
                var end = at;
                while (end < sql.Length && (IsWord(sql[end]) || sql[end] == '$'))
                    end++;
                var word = sql[at..end];
                // E'…' is the one in which a backslash escapes.
                if (end < sql.Length && sql[end] == '\'' && word is "e" or "E")
                {
                    at = Quoted(sql, end, '\'', escapes: true);
                    continue;
                }
                body = Body(word, words, parentheses, body);
                words.Add(word);
                at = end;
                continue;
            }
            at = c switch
            {
                '\'' or '"' => Quoted(sql, at, c, escapes: false),
                '$' => Dollars(sql, at),
                _ => at + 1,
            };
        }
        if (!isEmpty)
            statements.Add(sql[start..].Trim());
        return statements;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    // Only a routine's definition holds statements of its own; CASE ends with END as well.
    private static int Body(string word, List<string> before, int parentheses, int depth)
    {
        bool Is(string text) => word.Equals(text, StringComparison.OrdinalIgnoreCase);
        if (parentheses > 0)
            return depth;
        if (depth > 0)
            return Is("BEGIN") || Is("CASE") ? depth + 1 : Is("END") ? depth - 1 : depth;
        return Is("ATOMIC") && before.Count > 1 && before[^1].Equals("BEGIN", StringComparison.OrdinalIgnoreCase) && before[0].Equals("CREATE", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
    }

    private static int Comment(string sql, int at)
    {
        if (string.CompareOrdinal(sql, at, "--", 0, 2) == 0)
            return sql.IndexOf('\n', at) is var end and >= 0 ? end + 1 : sql.Length;
        if (string.CompareOrdinal(sql, at, "/*", 0, 2) != 0)
            return 0;
        var depth = 0;
        for (; at < sql.Length; at++)
        {
            if (string.CompareOrdinal(sql, at, "/*", 0, 2) == 0)
                (depth, at) = (depth + 1, at + 1);
            else if (string.CompareOrdinal(sql, at, "*/", 0, 2) == 0 && --depth == 0)
                return at + 2;
            else if (string.CompareOrdinal(sql, at, "*/", 0, 2) == 0)
                at++;
        }
        return sql.Length;
    }

    private static int Quoted(string sql, int at, char quote, bool escapes)
    {
        for (at++; at < sql.Length; at++)
        {
            if (escapes && sql[at] == '\\')
                at++;
            else if (sql[at] == quote && !(at + 1 < sql.Length && sql[at + 1] == quote))
                return at + 1;
            else if (sql[at] == quote)
                at++;
        }
        return sql.Length;
    }

    private static int Dollars(string sql, int at)
    {
        var end = at + 1;
        while (end < sql.Length && IsWord(sql[end]))
            end++;
        // $1 is a parameter, not the beginning of a quoted text.
        if (end >= sql.Length || sql[end] != '$' || (end > at + 1 && char.IsDigit(sql[at + 1])))
            return at + 1;
        var tag = sql[at..(end + 1)];
        return sql.IndexOf(tag, end + 1, StringComparison.Ordinal) is var closing and >= 0 ? closing + tag.Length : sql.Length;
    }
}
