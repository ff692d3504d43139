using System.Text;

namespace Runback.Runbook.Deployments;

/// <summary>An assignment in an env file.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Span">Where its value stands, quotes included.</param>
/// <param name="Quote">The quotes around it, or null.</param>
/// <param name="Raw">The value without quotes and comment, escapes and variables as they are written.</param>
internal sealed record EnvAssignment(string Name, Range Span, char? Quote, string Raw);

/// <summary>
/// Finds the assignments of an env file where Compose finds them: <c>NAME=value</c>, <c>NAME: value</c>, <c>export</c>, values in quotes over several lines in which a backslash
/// keeps the quote (in single ones too), a comment behind <c> #</c>, several statements in a line behind a quoted value, names without a value, which come from the shell.
/// Source: compose-go, package dotenv, as of Compose 2.20 and later.
/// </summary>
internal sealed class EnvFileReader
{
    private readonly string _text;
    private readonly List<EnvAssignment> _found = [];
    private int _at;

    private EnvFileReader(string text) => _text = text;

    /// <summary>Reads a text whose characters are bytes.</summary>
    /// <returns>The assignments in their order, and why Compose would refuse the file, or null.</returns>
    public static (IReadOnlyList<EnvAssignment> Assignments, string? Problem) Read(string text)
    {
        var reader = new EnvFileReader(text) { _at = text.StartsWith("\u00ef\u00bb\u00bf", StringComparison.Ordinal) ? 3 : 0 };
        string? problem = null;
        while (problem is null && reader.FindStatement())
            problem = reader.ReadStatement();
        return (reader._found, problem);
    }

    private int Line => _text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n') + 1;

    private bool FindStatement()
    {
        while (_at < _text.Length)
        {
            if (_text[_at] == '\n' || BlankAt(_at) > 0)
                _at += Math.Max(1, BlankAt(_at));
            else if (_text[_at] == '#')
                _at = EndOfLine(_at);
            else
                return true;
        }
        return false;
    }

    private string? ReadStatement()
    {
        if (string.CompareOrdinal(_text, _at, "export", 0, 6) == 0 && _at + 6 < _text.Length && _text[_at + 6] is ' ' or '\t' or '\n' or '\f' or '\r')
            SkipBlanks(_at + 6);
        var start = _at;
        var end = start;
        while (end < _text.Length && _text[end] is not ('=' or ':' or '\n'))
        {
            var length = InNameAt(end);
            if (length == 0)
                return $"line {Line}: `{Shown(_text[end])}` in a variable's name";
            end += length;
        }
        if (end == _text.Length)
            return $"line {Line}: a name at the file's end without a value and a line end";
        var name = _text[start..end].TrimEnd(' ', '\t', '\r', '\v', '\f');
        if (name.Contains(' ', StringComparison.Ordinal))
            return $"line {Line}: a blank in a variable's name";
        if (_text[end] == '\n')
        {
            _at = end + 1;
            return null;
        }
        if (name.Length == 0)
            return $"line {Line}: a value without a name";
        SkipBlanks(end + 1);
        return ReadValue(name);
    }

    private string? ReadValue(string name)
    {
        if (_at < _text.Length && _text[_at] is '"' or '\'')
            return ReadQuoted(name, _text[_at]);
        var start = _at;
        var line = EndOfLine(start);
        var comment = _text.IndexOf(" #", start, line - start, StringComparison.Ordinal);
        var end = comment >= 0 ? comment : line;
        while (end > start && BlankBefore(end) is > 0 and var blank && end - blank >= start)
            end -= blank;
        _found.Add(new EnvAssignment(name, start..end, null, _text[start..end]));
        _at = Math.Min(_text.Length, line + 1);
        return null;
    }

    private string? ReadQuoted(string name, char quote)
    {
        var open = _at;
        var value = new StringBuilder();
        var escaped = false;
        for (var at = open + 1; at < _text.Length; at++)
        {
            var c = _text[at];
            if (c == quote && !escaped)
            {
                _found.Add(new EnvAssignment(name, open..(at + 1), quote, value.ToString()));
                _at = at + 1;
                return null;
            }
            if (c != quote && !escaped && c == '\\')
            {
                escaped = true;
                continue;
            }
            // Before anything but the quote a backslash is one.
            if (c != quote && escaped)
                value.Append('\\');
            escaped = false;
            value.Append(c);
        }
        return $"line {Line}: a quote that doesn't end";
    }

    // How many bytes a character has that may be in a name, or 0: letters and digits of any script, and some punctuation; blanks are looked at afterwards.
    private int InNameAt(int at)
    {
        if (char.IsAscii(_text[at]))
            return char.IsAsciiLetterOrDigit(_text[at]) || _text[at] is '_' or '.' or '-' or '[' or ']' || BlankAt(at) > 0 ? 1 : 0;
        Span<byte> bytes = stackalloc byte[Math.Min(4, _text.Length - at)];
        Encoding.Latin1.GetBytes(_text.AsSpan(at, bytes.Length), bytes);
        return Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done && (Rune.IsLetter(rune) || Rune.IsNumber(rune)) ? length : BlankAt(at);
    }

    private void SkipBlanks(int at)
    {
        while (at < _text.Length && BlankAt(at) is > 0 and var length)
            at += length;
        _at = at;
    }

    // Also U+0085 and U+00A0, of two bytes in UTF-8.
    private int BlankAt(int at) => _text[at] is ' ' or '\t' or '\v' or '\f' or '\r' ? 1 : _text[at] == '\u00c2' && at + 1 < _text.Length && _text[at + 1] is '\u0085' or '\u00a0' ? 2 : 0;

    private int BlankBefore(int end) => BlankAt(end - 1) is 1 ? 1 : end > 1 && BlankAt(end - 2) == 2 ? 2 : 0;

    private int EndOfLine(int position)
    {
        var end = _text.IndexOf('\n', position);
        return end < 0 ? _text.Length : end;
    }

    private static string Shown(char c) => char.IsControl(c) ? $"\\x{(int)c:x2}" : c.ToString();
}
