using System.Globalization;
using System.Text;

namespace Runback.Runbook.Migrations.Python;

/// <summary>
/// Python's string and bytes literals (Python Language Reference, 2.4.1 to 2.4.3): prefixes, triple quotes, escapes,
/// and f-strings whose fields may hold any expression, the same quotes included (PEP 701).
/// </summary>
internal sealed class StringLiteral
{
    private const int MostNesting = 20;

    // The longest name that Unicode gives has 88 letters.
    private const int LongestName = 120;

    private readonly string source;
    private readonly int end;
    private int at;
    private int line;
    private bool raw;
    private bool formatted;
    private char quote;
    private bool triple;

    private StringLiteral(string source, int at, int end, int line)
    {
        this.source = source;
        this.at = at;
        this.end = end;
        this.line = line;
    }

    /// <summary>Whether a literal starts here, prefix included.</summary>
    internal static bool StartsAt(string source, int at, int end)
    {
        for (var i = at; i < end && i <= at + 2; i++)
        {
            var c = source[i];
            if (c is '"' or '\'')
                return i < at + 2 || IsPairOfPrefixes(source[at], source[at + 1]);
            if (c is not ('r' or 'R' or 'b' or 'B' or 'u' or 'U' or 'f' or 'F' or 't' or 'T'))
                return false;
        }

        return false;
    }

    /// <summary>The offset after the literal that starts here; counts the lines on the way.</summary>
    internal static int Skip(string source, int at, int end, ref int line)
    {
        var literal = new StringLiteral(source, at, end, line);
        literal.Scan(null, 0);
        line = literal.line;
        return literal.at;
    }

    /// <summary>The parts of one literal; <paramref name="isBytes"/> tells whether it is a bytes literal.</summary>
    internal static List<StringPiece> Read(string source, Token token, out bool isBytes)
    {
        var pieces = new List<StringPiece>();
        var literal = new StringLiteral(source, token.Start, token.End, token.Line);
        isBytes = literal.Scan(pieces, 0);
        return pieces;
    }

    private static bool IsPairOfPrefixes(char first, char second) =>
        (char.ToLowerInvariant(first), char.ToLowerInvariant(second)) is ('r', 'b') or ('b', 'r') or ('r', 'f') or ('f', 'r') or ('r', 't') or ('t', 'r');

    /// <summary>Reads the literal at the position; returns whether it is bytes.</summary>
    private bool Scan(List<StringPiece>? pieces, int depth)
    {
        var started = line;
        var isBytes = false;
        for (; source[at] is not ('"' or '\''); at++)
        {
            raw |= source[at] is 'r' or 'R';
            formatted |= source[at] is 'f' or 'F' or 't' or 'T';
            isBytes |= source[at] is 'b' or 'B';
        }

        quote = source[at];
        triple = at + 2 < end && source[at + 1] == quote && source[at + 2] == quote;
        at += triple ? 3 : 1;
        var text = at;
        while (!Closes())
        {
            if (at >= end)
                throw new PythonSyntaxException("the string is never closed", started);
            if (formatted && source[at] is '{' or '}')
            {
                if (at + 1 < end && source[at + 1] == source[at])
                {
                    AddText(pieces, text, at + 1, isBytes);
                    at += 2;
                }
                else if (source[at] == '}')
                {
                    throw new PythonSyntaxException("a single '}' in an f-string", line);
                }
                else
                {
                    AddText(pieces, text, at, isBytes);
                    Field(pieces, depth);
                }

                text = at;
            }
            else
            {
                Character();
            }
        }

        AddText(pieces, text, at, isBytes);
        at += triple ? 3 : 1;
        return isBytes;
    }

    private bool Closes() =>
        at < end && source[at] == quote && (!triple || (at + 2 < end && source[at + 1] == quote && source[at + 2] == quote));

    private void Character()
    {
        var c = source[at];
        if (c == '\\' && at + 1 < end)
        {
            if (formatted && !raw && source[at + 1] == 'N' && at + 2 < end && source[at + 2] == '{')
            {
                while (at < end && source[at] is not ('}' or '\n'))
                    at++;
                at += at < end && source[at] == '}' ? 1 : 0;
                return;
            }

            at++;
            if (source[at] is '\n' or '\r')
                LineEnd();
            else if (!formatted || source[at] is not ('{' or '}'))
                at++;
        }
        else if (c is '\n' or '\r')
        {
            if (!triple)
                throw new PythonSyntaxException("the string is not closed on its line", line);
            LineEnd();
        }
        else
        {
            at++;
        }
    }

    private void LineEnd()
    {
        at += source[at] == '\r' && at + 1 < end && source[at + 1] == '\n' ? 2 : 1;
        line++;
    }

    /// <summary>Reads one replacement field, from its <c>{</c> to its <c>}</c>.</summary>
    private void Field(List<StringPiece>? pieces, int depth)
    {
        if (depth >= MostNesting)
            throw new PythonSyntaxException("f-strings nested too deeply", line);
        at++;
        var from = line;
        var start = at;
        FieldExpression(depth);
        var stop = at;
        char? conversion = null;
        if (at < end && source[at] == '!')
        {
            conversion = at + 1 < end ? source[at + 1] : ' ';
            at = Math.Min(end, at + 2);
            while (at < end && source[at] == ' ')
                at++;
        }

        List<StringPiece>? spec = null;
        if (at < end && source[at] == ':')
        {
            at++;
            spec = pieces is null ? null : [];
            FormatSpec(spec, depth);
        }

        if (at >= end || source[at] != '}')
            throw new PythonSyntaxException("an f-string's field needs a closing '}'", line);
        at++;
        if (pieces is null)
            return;
        var expression = stop;
        while (expression > start && char.IsWhiteSpace(source[expression - 1]))
            expression--;
        if (expression - start > 1 && source[expression - 1] == '=' && source[expression - 2] is not ('=' or '!' or '<' or '>'))
        {
            // The form {name=}: the text of the expression comes before its value.
            pieces.Add(new StringPiece(source[start..stop]));
            expression--;
            conversion ??= spec is null ? 'r' : null;
        }

        pieces.Add(new StringPiece(null, start, expression, from, conversion, spec));
    }

    /// <summary>Walks over a field's expression to the <c>!</c>, <c>:</c> or <c>}</c> that ends it.</summary>
    private void FieldExpression(int depth)
    {
        var open = 0;
        while (at < end)
        {
            var c = source[at];
            if (StartsAt(source, at, end))
            {
                var inner = new StringLiteral(source, at, end, line);
                inner.Scan(null, depth + 1);
                at = inner.at;
                line = inner.line;
                continue;
            }

            if (char.IsLetterOrDigit(c) || c == '_')
            {
                while (at < end && (char.IsLetterOrDigit(source[at]) || source[at] == '_'))
                    at++;
                continue;
            }

            if (open == 0 && (c is '}' or ':' || (c == '!' && !(at + 1 < end && source[at + 1] == '='))))
                return;
            if (c is '(' or '[' or '{')
                open++;
            else if (c is ')' or ']' or '}')
                open--;
            if (c is '\n' or '\r')
                LineEnd();
            else if (c == '#')
                SkipComment();
            else
                at++;
        }
    }

    private void SkipComment()
    {
        while (at < end && source[at] is not ('\n' or '\r'))
            at++;
    }

    private void FormatSpec(List<StringPiece>? pieces, int depth)
    {
        var text = at;
        while (at < end && source[at] != '}' && !Closes())
        {
            if (source[at] == '{')
            {
                AddText(pieces, text, at, isBytes: false);
                Field(pieces, depth + 1);
                text = at;
            }
            else
            {
                Character();
            }
        }

        AddText(pieces, text, at, isBytes: false);
    }

    private void AddText(List<StringPiece>? pieces, int start, int stop, bool isBytes)
    {
        if (pieces is not null && stop > start)
            pieces.Add(new StringPiece(raw ? source[start..stop] : Unescaped(source.AsSpan(start, stop - start), isBytes)));
    }

    private static string Unescaped(ReadOnlySpan<char> text, bool isBytes)
    {
        if (text.IndexOfAny('\\', '\r') < 0)
            return text.ToString();
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\r')
            {
                result.Append('\n');
                i += i + 1 < text.Length && text[i + 1] == '\n' ? 1 : 0;
            }
            else if (text[i] == '\\' && i + 1 < text.Length)
            {
                i += Escape(text[(i + 1)..], isBytes, result);
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    /// <summary>Appends what the escape after a backslash stands for; returns how many characters it took.</summary>
    private static int Escape(ReadOnlySpan<char> text, bool isBytes, StringBuilder result)
    {
        var c = text[0];
        switch (c)
        {
            case '\n':
                return 1;
            case '\r':
                return text.Length > 1 && text[1] == '\n' ? 2 : 1;
            case '\\' or '\'' or '"':
                result.Append(c);
                return 1;
            case 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v':
                result.Append(c switch { 'a' => '\a', 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => '\v' });
                return 1;
            case >= '0' and <= '7':
                var octal = 1;
                while (octal < 3 && octal < text.Length && text[octal] is >= '0' and <= '7')
                    octal++;
                var value = 0;
                foreach (var digit in text[..octal])
                    value = value * 8 + digit - '0';
                result.Append((char)value);
                return octal;
            case 'x':
                return Hex(text, 2, result);
            case 'u' when !isBytes:
                return Hex(text, 4, result);
            case 'U' when !isBytes:
                return Hex(text, 8, result);
            case 'N' when !isBytes && text.Length > 1 && text[1] == '{' && text[..Math.Min(text.Length, LongestName)].IndexOf('}') is > 0 and var close:
                // Unicode names aren't looked up: what such a character is never changes what a migration does.
                result.Append('\uFFFD');
                return close + 1;
            default:
                result.Append('\\').Append(c);
                return 1;
        }
    }

    private static int Hex(ReadOnlySpan<char> text, int digits, StringBuilder result)
    {
        if (text.Length <= digits || !int.TryParse(text.Slice(1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            result.Append('\\').Append(text[0]);
            return 1;
        }

        if (code > 0xFFFF && Rune.IsValid(code))
            result.Append(new Rune(code).ToString());
        else
            result.Append((char)code);
        return digits + 1;
    }
}
