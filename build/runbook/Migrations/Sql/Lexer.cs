using System.Buffers;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>
/// Cuts SQL into tokens by PostgreSQL's lexical rules (manual, section 4.1): nothing is skipped, nothing is refused.
/// Colon parameters and <c>\:</c> are those of SQLAlchemy's <c>text()</c>, percent parameters those of the Python drivers.
/// </summary>
internal sealed class Lexer
{
    private static readonly SearchValues<char> OperatorCharacters = SearchValues.Create("+-*/<>=~!@#%^&|`?");
    private static readonly SearchValues<char> LetsOperatorEndInSign = SearchValues.Create("~!@#%^&|`?");

    /// <summary>The most tokens that a text may have; of a longer one, the last token is <see cref="TokenKind.Invalid"/> and holds all the rest.</summary>
    public const int MostTokens = 400_000;

    // PostgreSQL's own names have at most 63 bytes, and no operator of anybody's comes near.
    private const int LongestOperator = 64;

    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _line;

    private Lexer(string text) => _text = text;

    /// <summary>All tokens of a text, in order, white space and comments too.</summary>
    public static IReadOnlyList<Token> Tokens(string text)
    {
        var lexer = new Lexer(text);
        while (lexer._at < text.Length && lexer._tokens.Count < MostTokens)
            lexer.Next();
        if (lexer._at < text.Length)
            lexer.Take(TokenKind.Invalid, text.Length);
        return lexer._tokens;
    }

    private void Next()
    {
        var c = _text[_at];
        if (IsSpace(c))
            Take(TokenKind.Whitespace, _at + Run(_at, IsSpace));
        else if (Looks("--"))
            Take(TokenKind.Comment, EndOfLine(_at));
        else if (Looks("/*"))
            BlockComment();
        else if (c == '\'')
            TakeString(TokenKind.String, QuotedText.String(_text, _at, escapes: false));
        else if (c == '"')
            TakeString(TokenKind.QuotedIdentifier, QuotedText.Identifier(_text, _at));
        else if (c is 'e' or 'E' && Looks("'", 1))
            TakeString(TokenKind.String, QuotedText.String(_text, _at + 1, escapes: true));
        else if (c is 'n' or 'N' && Looks("'", 1))
            TakeString(TokenKind.String, QuotedText.String(_text, _at + 1, escapes: false));
        else if (c is 'b' or 'B' or 'x' or 'X' && Looks("'", 1))
            TakeString(TokenKind.BitString, QuotedText.String(_text, _at + 1, escapes: false));
        else if (c is 'u' or 'U' && Looks("&'", 1))
            TakeString(TokenKind.String, QuotedText.String(_text, _at + 2, escapes: false), unicode: true);
        else if (c is 'u' or 'U' && Looks("&\"", 1))
            TakeString(TokenKind.QuotedIdentifier, QuotedText.Identifier(_text, _at + 2), unicode: true);
        else if (c == '$')
            Dollar();
        else if (IsNameStart(c))
            Take(TokenKind.Word, _at + Run(_at, IsNamePart), fold: true);
        else if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(At(1))))
            Take(TokenKind.Number, EndOfNumber());
        else
            Symbol(c);
    }

    private void Symbol(char c)
    {
        if (c == ':' && At(1) is ':' or '=')
            Take(TokenKind.Operator, _at + 2);
        else if (c == ':' && IsNameStart(At(1)))
            Take(TokenKind.Parameter, _at + 1 + Run(_at + 1, IsNamePart));
        else if (c == '\\' && At(1) == ':')
            EscapedColon();
        else if (EndOfPercentParameter(_at) is var end && end > 0)
            Take(TokenKind.Parameter, end);
        else if (OperatorCharacters.Contains(c))
            Take(TokenKind.Operator, EndOfOperator());
        else if (c is '(' or ')' or '[' or ']' or ',' or ';' or '.' or ':')
            Take(TokenKind.Punctuation, _at + 1);
        else
            Take(TokenKind.Invalid, _at + 1);
    }

    // text() takes "\:" for a colon that begins no parameter: "\:\:" is a cast.
    private void EscapedColon()
    {
        if (At(2) == '\\' && At(3) == ':')
            Add(TokenKind.Operator, _at + 4, "::");
        else
            Add(TokenKind.Punctuation, _at + 2, ":");
    }

    private void Dollar()
    {
        var tag = 1 + (IsNameStart(At(1)) ? Run(_at + 1, c => IsNamePart(c) && c != '$') : 0);
        if (At(tag) == '$')
        {
            var quote = _text.Substring(_at, tag + 1);
            var end = _text.IndexOf(quote, _at + quote.Length, StringComparison.Ordinal);
            if (end < 0)
                Take(TokenKind.Invalid, _text.Length);
            else
                Add(TokenKind.String, end + quote.Length, _text[(_at + quote.Length)..end]);
        }
        else if (char.IsAsciiDigit(At(1)))
            Take(TokenKind.Parameter, _at + 1 + Run(_at + 1, char.IsAsciiDigit));
        else
            Take(TokenKind.Invalid, _at + 1);
    }

    private void BlockComment()
    {
        var depth = 0;
        for (var i = _at; i < _text.Length - 1; i++)
        {
            if (_text[i] == '/' && _text[i + 1] == '*')
                (depth, i) = (depth + 1, i + 1);
            else if (_text[i] == '*' && _text[i + 1] == '/')
            {
                (depth, i) = (depth - 1, i + 1);
                if (depth == 0)
                {
                    Take(TokenKind.Comment, i + 1);
                    return;
                }
            }
        }
        Take(TokenKind.Invalid, _text.Length);
    }

    private int EndOfNumber()
    {
        var end = _at + Run(_at, c => char.IsAsciiLetterOrDigit(c) || c == '_');
        // Two dots are a range of PL/pgSQL, not a decimal point.
        if (end < _text.Length && _text[end] == '.' && !(end + 1 < _text.Length && _text[end + 1] == '.'))
            end = end + 1 + Run(end + 1, c => char.IsAsciiLetterOrDigit(c) || c == '_');
        if (end < _text.Length && _text[end] is '+' or '-' && _text[end - 1] is 'e' or 'E' && char.IsAsciiDigit(_text[_at]))
            end = end + 1 + Run(end + 1, char.IsAsciiDigit);
        return end;
    }

    // %(name)s or %s; -1 when there is none.
    private int EndOfPercentParameter(int at)
    {
        if (LooksAt("%(", at))
        {
            var close = at + 2 + Run(at + 2, IsNamePart);
            return close > at + 2 && LooksAt(")s", close) ? close + 2 : -1;
        }
        return LooksAt("%s", at) && !(at + 2 < _text.Length && IsNamePart(_text[at + 2])) ? at + 2 : -1;
    }

    // A longer operator ends in + or - only when it holds one of the signs that standard SQL has no operator with.
    private int EndOfOperator()
    {
        var end = _at + 1;
        while (end < _text.Length && end < _at + LongestOperator && OperatorCharacters.Contains(_text[end]) && !LooksAt("--", end) && !LooksAt("/*", end)
               && EndOfPercentParameter(end) < 0)
            end++;
        while (end > _at + 1 && _text[end - 1] is '+' or '-' && !_text.AsSpan(_at, end - _at).ContainsAny(LetsOperatorEndInSign))
            end--;
        return end;
    }

    private void TakeString(TokenKind kind, (int End, string? Value) quoted, bool unicode = false)
    {
        if (quoted.Value is null)
            Take(TokenKind.Invalid, _text.Length);
        else
            Add(kind, quoted.End, unicode ? QuotedText.DecodeUnicode(quoted.Value) : quoted.Value);
    }

    private void Take(TokenKind kind, int end, bool fold = false)
    {
        var text = _text[_at..end];
        Add(kind, end, fold ? text.ToLowerInvariant() : text);
    }

    private void Add(TokenKind kind, int end, string value)
    {
        var text = _text[_at..end];
        _tokens.Add(new Token(kind, _at, text, value, _line));
        _line += text.AsSpan().Count('\n');
        _at = end;
    }

    private int EndOfLine(int from) => _text.AsSpan(from).IndexOfAny('\n', '\r') is var n && n < 0 ? _text.Length : from + n;

    private int Run(int from, Func<char, bool> member)
    {
        var end = from;
        while (end < _text.Length && member(_text[end]))
            end++;
        return end - from;
    }

    private char At(int offset) => _at + offset < _text.Length ? _text[_at + offset] : '\0';

    private bool Looks(string what, int offset = 0) => LooksAt(what, _at + offset);

    private bool LooksAt(string what, int at) => string.CompareOrdinal(_text, at, what, 0, what.Length) == 0;

    internal static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f' or '\v';

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || c >= 0x80;

    private static bool IsNamePart(char c) => IsNameStart(c) || char.IsAsciiDigit(c) || c == '$';
}
