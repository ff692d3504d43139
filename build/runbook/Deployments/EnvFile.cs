using System.Text;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Deployments;

/// <summary>
/// The text of a Compose env file, read as Compose reads it (<see cref="EnvFileReader"/>) and edited without disturbing anything else in it: comments, order, quotes,
/// line ends and the bytes of other values stay as they were.
/// </summary>
public sealed class EnvFile
{
    private readonly IReadOnlyList<EnvAssignment> _assignments;
    private readonly IReadOnlyDictionary<string, string> _values;

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The file's text; read and written as Latin-1, so that its bytes survive whatever their encoding.</param>
    public EnvFile(string text)
    {
        Text = text;
        (_assignments, Problem) = EnvFileReader.Read(text);
        _values = EnvExpansion.Values(_assignments);
    }

    /// <summary>The encoding that keeps every byte of a file as it is.</summary>
    public static Encoding Bytes => Encoding.Latin1;

    /// <summary>The file's text.</summary>
    public string Text { get; }

    /// <summary>Why Compose doesn't read the file, or null. What stands before that is known all the same.</summary>
    public string? Problem { get; }

    /// <summary>The value of a variable as Compose reads it, or null when it isn't assigned. The last of several assignments counts.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>The last assignments of all variables, as text: the bytes of the file are UTF-8.</summary>
    internal IReadOnlyDictionary<string, string> Values => _values
        .ToDictionary(variable => variable.Key, variable => Encoding.UTF8.GetString(Bytes.GetBytes(variable.Value)), StringComparer.Ordinal);

    /// <summary>The variables that a variable's value is made of (<c>IMAGE_TAG=${REL}</c>), or an empty list when it is a plain one.</summary>
    internal IReadOnlyList<string> SourcesOf(string name) => Last(name) is { } assignment ? EnvExpansion.SourcesOf(assignment) : [];

    /// <summary>The file with a variable's effective assignment replaced, or added at the end when there was none.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">Its new value: letters, digits and the punctuation of image tags, digests and paths.</param>
    /// <exception cref="ArgumentException">The value would need quotes.</exception>
    /// <exception cref="RunbookException">Compose doesn't read the file, or the variable follows others: a plain value in its place would cut it off from them (outcome Refused).</exception>
    public EnvFile Set(string name, string value)
    {
        if (value.Length == 0 || !value.All(c => char.IsAsciiLetterOrDigit(c) || "._-/:@+,".Contains(c, StringComparison.Ordinal)))
            throw new ArgumentException($"the value {value} of {name} would need quotes", nameof(value));
        ThrowUnlessSettable(name);
        if (Last(name) is { } assignment)
        {
            var quote = assignment.Quote is { } quoted ? quoted.ToString() : "";
            return new EnvFile($"{Text[..assignment.Span.Start]}{quote}{value}{quote}{Text[assignment.Span.End..]}");
        }
        var newline = Text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        var separator = Text.Length == 0 || Text.EndsWith('\n') ? "" : newline;
        return new EnvFile($"{Text}{separator}{name}={value}{newline}");
    }

    /// <summary>Sees that a variable can be set, before anything is changed.</summary>
    /// <exception cref="RunbookException">It can't (outcome Refused).</exception>
    internal void ThrowUnlessSettable(string name)
    {
        if (Problem is { } problem)
            throw RunbookException.Refused($"expected an env file that Compose can read, found {problem}", "mend that line; `docker compose config` shows whether Compose reads the file");
        if (SourcesOf(name) is { Count: > 0 } sources)
        {
            var others = string.Join(" and ", sources);
            throw RunbookException.Refused(
                $"expected a plain value of {name} in the env file, found one that is made of {others}: a value in its place would cut {name} off from what else follows {others}",
                sources.Count == 1 && Last(sources[0]) is not null
                    ? $"if all that follows {others} is to go along, name {others} as the profile's TagVariable; else write {name}'s value out in the env file"
                    : $"write {name}'s value out in the env file");
        }
    }

    /// <summary>Where the variable's effective value stands: its line, counted from 1, and the line's text; null when it isn't assigned, or its value has several lines.</summary>
    internal (int Number, string Text)? LineOf(string name)
    {
        if (Last(name) is not { } assignment || Text[assignment.Span].Contains('\n', StringComparison.Ordinal))
            return null;
        var at = assignment.Span.Start.Value;
        var start = at == 0 ? 0 : Text.LastIndexOf('\n', at - 1) + 1;
        var end = Text.IndexOf('\n', at);
        return (Text.AsSpan(0, at).Count('\n') + 1, Text[start..(end < 0 ? Text.Length : end)]);
    }

    private EnvAssignment? Last(string name) => _assignments.LastOrDefault(assignment => assignment.Name == name);
}
