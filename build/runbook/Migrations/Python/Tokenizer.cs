namespace Runback.Runbook.Migrations.Python;

/// <summary>
/// Cuts Python source into tokens (Python Language Reference 3.13, chapter 2): indentation, explicit and implicit line
/// joining, comments, names, numbers, operators, and strings with every prefix, nested f-strings (PEP 701) included.
/// </summary>
public sealed class Tokenizer
{
    private const int MostBrackets = 200;
    private const int MostIndents = 100;
    private const int MostTokens = 500_000;
    private const int PooledNames = 256;

    private readonly string source;
    private readonly int end;
    private readonly bool inExpression;
    private readonly List<Token> tokens;
    private readonly List<int> indents = [0];
    private readonly List<(char Bracket, int Line)> brackets = [];
    private readonly string?[] pool;
    private int at;
    private int line;

    private Tokenizer(string source, int start, int end, int line, bool inExpression)
    {
        this.source = source;
        this.end = end;
        this.line = line;
        this.inExpression = inExpression;
        at = start;
        // An f-string may have very many fields, each with few names.
        pool = new string?[inExpression ? 4 : PooledNames];
        tokens = new List<Token>(Math.Clamp((end - start) / 5, 4, MostTokens));
    }

    /// <summary>The tokens of a whole file, ending with <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="PythonSyntaxException">The text isn't Python.</exception>
    public static List<Token> Read(string source)
    {
        var start = source.StartsWith('\uFEFF') ? 1 : 0;
        return new Tokenizer(source, start, source.Length, 1, inExpression: false).Run();
    }

    /// <summary>The tokens of one expression inside an f-string's braces, where line ends don't count.</summary>
    internal static List<Token> ReadExpression(string source, int start, int end, int line) =>
        new Tokenizer(source, start, end, line, inExpression: true).Run();

    private List<Token> Run()
    {
        var lineStarts = !inExpression;
        while (true)
        {
            if (lineStarts)
            {
                lineStarts = false;
                if (!Indentation())
                    break;
            }

            SkipBlanks();
            if (at >= end)
                break;
            if (tokens.Count > MostTokens)
                throw new PythonSyntaxException($"the file is too long to be read: more than {MostTokens} words and signs", line);
            var c = source[at];
            if (c is '\n' or '\r')
            {
                var start = at;
                var from = line;
                LineEnd();
                if (brackets.Count == 0 && !inExpression)
                {
                    tokens.Add(new Token(TokenKind.NewLine, "", from, start, at));
                    lineStarts = true;
                }
            }
            else
            {
                One(c);
            }
        }

        return Finish();
    }

    private List<Token> Finish()
    {
        if (brackets.Count > 0)
            throw new PythonSyntaxException($"'{brackets[^1].Bracket}' is never closed", brackets[^1].Line);
        if (!inExpression && tokens.Count > 0 && tokens[^1].Kind is not (TokenKind.NewLine or TokenKind.Dedent))
            tokens.Add(new Token(TokenKind.NewLine, "", line, at, at));
        for (var i = indents.Count; i > 1; i--)
            tokens.Add(new Token(TokenKind.Dedent, "", line, at, at));
        tokens.Add(new Token(TokenKind.End, "", line, at, at));
        return tokens;
    }

    /// <summary>Measures the next line that isn't blank and opens or closes blocks; false at the end of the file.</summary>
    private bool Indentation()
    {
        var column = 0;
        while (true)
        {
            if (at >= end)
                return false;
            switch (source[at])
            {
                case ' ':
                    column++;
                    at++;
                    continue;
                case '\t':
                    column = (column / 8 + 1) * 8;
                    at++;
                    continue;
                case '\f':
                    column = 0;
                    at++;
                    continue;
                case '#':
                    SkipComment();
                    continue;
                case '\n' or '\r':
                    LineEnd();
                    column = 0;
                    continue;
                case '\\' when at + 1 < end && source[at + 1] is '\n' or '\r':
                    at++;
                    LineEnd();
                    continue;
            }

            break;
        }

        if (column > indents[^1])
        {
            if (indents.Count >= MostIndents)
                throw new PythonSyntaxException("too many levels of indentation", line);
            indents.Add(column);
            tokens.Add(new Token(TokenKind.Indent, "", line, at, at));
            return true;
        }

        while (column < indents[^1])
        {
            indents.RemoveAt(indents.Count - 1);
            tokens.Add(new Token(TokenKind.Dedent, "", line, at, at));
        }

        return column == indents[^1] ? true : throw new PythonSyntaxException("the indentation matches no block around it", line);
    }

    private void One(char c)
    {
        var start = at;
        if (StringLiteral.StartsAt(source, at, end))
        {
            var from = line;
            at = StringLiteral.Skip(source, at, end, ref line);
            tokens.Add(new Token(TokenKind.Quoted, "", from, start, at));
        }
        else if (IsNameStart(c))
        {
            do
                at++;
            while (at < end && IsNamePart(source[at]));
            tokens.Add(new Token(TokenKind.Name, Pooled(start), line, start, at));
        }
        else if (char.IsAsciiDigit(c) || (c == '.' && at + 1 < end && char.IsAsciiDigit(source[at + 1])))
        {
            at = NumberLiteral.Skip(source, at, end);
            tokens.Add(new Token(TokenKind.Number, source[start..at], line, start, at));
        }
        else
        {
            var text = Operators.At(source.AsSpan(at, end - at))
                ?? throw new PythonSyntaxException($"no Python token starts with {Show(c)}", line);
            at += text.Length;
            Bracket(text[0]);
            tokens.Add(new Token(TokenKind.Operator, text, line, start, at));
        }
    }

    private string Pooled(int start)
    {
        var span = source.AsSpan(start, at - start);
        var place = string.GetHashCode(span) & (pool.Length - 1);
        if (pool[place] is { } known && span.SequenceEqual(known))
            return known;
        return pool[place] = span.ToString();
    }

    private void Bracket(char c)
    {
        if (c is '(' or '[' or '{')
        {
            if (brackets.Count >= MostBrackets)
                throw new PythonSyntaxException("too many brackets inside each other", line);
            brackets.Add((c, line));
        }
        else if (c is ')' or ']' or '}')
        {
            var opened = brackets.Count > 0 ? brackets[^1].Bracket : '\0';
            if (brackets.Count > 0)
                brackets.RemoveAt(brackets.Count - 1);
            if ((opened, c) is not (('(', ')') or ('[', ']') or ('{', '}')))
                throw new PythonSyntaxException(opened == '\0' ? $"'{c}' closes nothing" : $"'{c}' closes '{opened}'", line);
        }
    }

    private void SkipBlanks()
    {
        while (at < end)
        {
            var c = source[at];
            if (c is ' ' or '\t' or '\f')
                at++;
            else if (c == '#')
                SkipComment();
            else if (c == '\\')
                JoinLine();
            else
                return;
        }
    }

    private void JoinLine()
    {
        at++;
        if (at < end && source[at] is not ('\n' or '\r'))
            throw new PythonSyntaxException("after a line continuation '\\' the line must end", line);
        if (at < end)
            LineEnd();
    }

    private void SkipComment()
    {
        while (at < end && source[at] is not ('\n' or '\r'))
            at++;
    }

    private void LineEnd()
    {
        at += source[at] == '\r' && at + 1 < end && source[at + 1] == '\n' ? 2 : 1;
        line++;
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || (c > 127 && (char.IsLetter(c) || char.IsSurrogate(c)));

    private static bool IsNamePart(char c) =>
        char.IsAsciiLetterOrDigit(c) || c == '_'
        || (c > 127 && (char.IsLetterOrDigit(c) || char.IsSurrogate(c)
            || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark
                or System.Globalization.UnicodeCategory.SpacingCombiningMark or System.Globalization.UnicodeCategory.ConnectorPunctuation));

    private static string Show(char c) => char.IsControl(c) ? $"the character U+{(int)c:X4}" : $"'{c}'";
}
