using System.Globalization;
using System.Text;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads quoted strings and identifiers (PostgreSQL manual, sections 4.1.1 and 4.1.2).</summary>
internal static class QuotedText
{
    /// <summary>Reads <c>'…'</c> that begins at an index, with the parts that continue it on later lines. The value is null when it never ends.</summary>
    public static (int End, string? Value) String(string text, int start, bool escapes)
    {
        var value = new StringBuilder();
        var at = start;
        while (true)
        {
            at = Part(text, at + 1, '\'', escapes, value);
            if (at < 0)
                return (text.Length, null);
            var next = Continuation(text, at);
            if (next < 0)
                return (at, value.ToString());
            at = next;
        }
    }

    /// <summary>Reads <c>"…"</c> that begins at an index. The value is null when it never ends.</summary>
    public static (int End, string? Value) Identifier(string text, int start)
    {
        var value = new StringBuilder();
        var end = Part(text, start + 1, '"', escapes: false, value);
        return end < 0 ? (text.Length, null) : (end, value.ToString());
    }

    /// <summary>Decodes <c>\0061</c> and <c>\+000061</c> of a <c>U&amp;</c> literal; what is malformed stays as written.</summary>
    public static string DecodeUnicode(string value)
    {
        if (!value.Contains('\\', StringComparison.Ordinal))
            return value;
        var decoded = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            var (skip, digits) = i + 1 < value.Length && value[i + 1] == '+' ? (2, 6) : (1, 4);
            if (value[i] == '\\' && i + 1 < value.Length && value[i + 1] == '\\')
                (decoded, i) = (decoded.Append('\\'), i + 1);
            else if (value[i] == '\\' && Hex(value, i + skip, digits) is { } code && Scalar(code) is { } text)
                (decoded, i) = (decoded.Append(text), i + skip + digits - 1);
            else
                decoded.Append(value[i]);
        }
        return decoded.ToString();
    }

    // Returns the index after the closing quote, or -1.
    private static int Part(string text, int at, char quote, bool escapes, StringBuilder value)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] == quote)
            {
                if (at + 1 >= text.Length || text[at + 1] != quote)
                    return at + 1;
                value.Append(quote);
                at++;
            }
            else if (escapes && text[at] == '\\' && at + 1 < text.Length)
                at = Escape(text, at + 1, value);
            else
                value.Append(text[at]);
        }
        return -1;
    }

    private static int Escape(string text, int at, StringBuilder value)
    {
        var (digits, isHex) = text[at] switch { 'x' => (2, true), 'u' => (4, true), 'U' => (8, true), _ => (0, false) };
        if (isHex && Hex(text, at + 1, digits) is { } code && Scalar(code) is { } scalar)
        {
            value.Append(scalar);
            return at + digits;
        }
        value.Append(text[at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var c => c });
        return at;
    }

    // "'foo'<newline>'bar'" is one string; line comments between the two count as white space.
    private static int Continuation(string text, int at)
    {
        var newline = false;
        while (at < text.Length)
        {
            if (text[at] is '\n' or '\r')
                newline = true;
            else if (text[at] == '-' && at + 1 < text.Length && text[at + 1] == '-')
            {
                while (at + 1 < text.Length && text[at + 1] is not ('\n' or '\r'))
                    at++;
            }
            else if (!Lexer.IsSpace(text[at]))
                return newline && text[at] == '\'' ? at : -1;
            at++;
        }
        return -1;
    }

    private static int? Hex(string text, int at, int digits) =>
        at + digits <= text.Length && int.TryParse(text.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            ? code
            : null;

    private static string? Scalar(int code) => Rune.IsValid(code) ? new Rune(code).ToString() : null;
}
