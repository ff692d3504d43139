using System.Text;

namespace Runback.Runbook.Deployments;

/// <summary>
/// The text of a Compose env file, edited without disturbing anything else in it: comments, order, quotes, line ends and the bytes
/// of other values stay as they were. Source of the syntax: Docker Compose manual, "Set environment variables, .env file syntax".
/// </summary>
/// <param name="text">The file's text; read and written as Latin-1, so that its bytes survive whatever their encoding.</param>
public sealed class EnvFile(string text)
{
    /// <summary>The encoding that keeps every byte of a file as it is.</summary>
    public static Encoding Bytes => Encoding.Latin1;

    /// <summary>The file's text.</summary>
    public string Text { get; } = text;

    /// <summary>The value of a variable as Compose reads it, or null when it isn't assigned. The last of several assignments counts.</summary>
    public string? this[string name] => Assignments(name).LastOrDefault() is { } assignment ? Unquote(Text[assignment.Value]) : null;

    /// <summary>The file with a variable's effective assignment replaced, or added at the end when there was none.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its new value: letters, digits and the punctuation of image tags, digests and paths.</param>
    /// <exception cref="ArgumentException">The value would need quotes.</exception>
    public EnvFile Set(string name, string value)
    {
        if (value.Length == 0 || !value.All(c => char.IsAsciiLetterOrDigit(c) || "._-/:@+,".Contains(c, StringComparison.Ordinal)))
            throw new ArgumentException($"the value {value} of {name} would need quotes", nameof(value));
        if (Assignments(name).LastOrDefault() is { } assignment)
        {
            var old = Text[assignment.Value];
            var quote = old.Length > 1 && old[0] is '"' or '\'' && old[^1] == old[0] ? old[..1] : "";
            return new EnvFile($"{Text[..assignment.Value.Start]}{quote}{value}{quote}{Text[assignment.Value.End..]}");
        }
        var newline = Text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var separator = Text.Length == 0 || Text.EndsWith('\n') ? "" : newline;
        return new EnvFile($"{Text}{separator}{name}={value}{newline}");
    }

    private IEnumerable<Assignment> Assignments(string name) => All().Where(assignment => assignment.Name == name);

    private List<Assignment> All()
    {
        var found = new List<Assignment>();
        var position = Text.StartsWith("\u00ef\u00bb\u00bf", StringComparison.Ordinal) ? 3 : 0;
        while (position < Text.Length)
        {
            var lineEnd = EndOfLine(position);
            var start = SkipBlanks(position, lineEnd);
            if (start < lineEnd && Text[start] != '#' && Read(start, lineEnd) is { } assignment)
            {
                found.Add(assignment);
                lineEnd = Math.Max(lineEnd, EndOfLine(assignment.Value.End.Value));
            }
            position = lineEnd + 1;
        }
        return found;
    }

    private Assignment? Read(int start, int lineEnd)
    {
        if (string.CompareOrdinal(Text, start, "export ", 0, 7) == 0)
            start = SkipBlanks(start + 7, lineEnd);
        var equals = Text.IndexOf('=', start, lineEnd - start);
        if (equals < 0)
            return null;
        var name = Text[start..equals].TrimEnd();
        var value = SkipBlanks(equals + 1, lineEnd);
        if (value < lineEnd && Text[value] is '"' or '\'' && ClosingQuote(value) is { } closing)
            return new Assignment(name, value..(closing + 1));
        var end = lineEnd;
        var comment = Text.IndexOf(" #", value, lineEnd - value, StringComparison.Ordinal);
        if (comment >= 0)
            end = comment;
        while (end > value && char.IsWhiteSpace(Text[end - 1]))
            end--;
        return new Assignment(name, value..end);
    }

    private int? ClosingQuote(int open)
    {
        for (var i = open + 1; i < Text.Length; i++)
        {
            if (Text[i] == '\\' && Text[open] == '"')
                i++;
            else if (Text[i] == Text[open])
                return i;
        }
        return null;
    }

    private int EndOfLine(int position)
    {
        var end = Text.IndexOf('\n', position);
        return end < 0 ? Text.Length : end;
    }

    private int SkipBlanks(int position, int end)
    {
        while (position < end && Text[position] is ' ' or '\t')
            position++;
        return position;
    }

    private static string Unquote(string value) => value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;

    private sealed record Assignment(string Name, Range Value);
}
