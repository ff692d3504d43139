using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Runback.Ci;

/// <summary>A piece of YAML 1.2, built in code and written in one way only: blocks indented by two, every text that could be read as something else in quotes.</summary>
internal abstract record Yaml
{
    /// <summary>A text; null for none.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Yaml?(string? text) => text is null ? null : new YamlText(text);

    /// <summary>A number.</summary>
    public static implicit operator Yaml(int number) => new YamlPlain(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>True or false.</summary>
    public static implicit operator Yaml(bool value) => new YamlPlain(value ? "true" : "false");

    /// <summary>A sequence of texts.</summary>
    public static Yaml List(IEnumerable<string> texts) => new YamlSequence([.. texts.Select(text => (Yaml)text)]);

    /// <summary>A document with a comment above it.</summary>
    /// <param name="comment">Lines of the comment.</param>
    /// <param name="content">The document.</param>
    public static string Document(IEnumerable<string> comment, YamlMap content)
    {
        var text = new StringBuilder();
        foreach (var line in comment)
            text.Append(line.Length == 0 ? "#" : "# ").Append(line).Append('\n');
        content.Write(text, "");
        return text.ToString();
    }

    /// <summary>Writes what stands after a key or a dash, with its line's end.</summary>
    internal abstract void Append(StringBuilder text, string indent);
}

/// <summary>A text on one line, or a literal block for several.</summary>
internal sealed record YamlText(string Text) : Yaml
{
    /// <summary>A version for people, after the value.</summary>
    public string? Comment { get; init; }

    internal override void Append(StringBuilder text, string indent)
    {
        if (Text.Contains('\n'))
        {
            text.Append(" |\n");
            foreach (var line in Text.TrimEnd('\n').Split('\n'))
                text.Append(line.Length == 0 ? "" : indent + "  " + line).Append('\n');
            return;
        }
        text.Append(' ').Append(IsPlain(Text) ? Text : Quoted(Text)).Append(Comment is null ? "" : $" # {Comment}").Append('\n');
    }

    // Narrower than YAML's own plain scalars: what begins with a letter and holds nothing that means anything, and isn't one of YAML 1.1's many booleans.
    internal static bool IsPlain(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] is '.' or '/') && text[^1] != ' '
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is ' ' or '-' or '_' or '.' or '/' or '@' or '=' or '(' or ')' or ';')
        && text.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n");

    internal static string Quoted(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}

/// <summary>A number or a boolean.</summary>
internal sealed record YamlPlain(string Text) : Yaml
{
    internal override void Append(StringBuilder text, string indent) => text.Append(' ').Append(Text).Append('\n');
}

/// <summary>Keys with their values, in order; a null value leaves its key out.</summary>
internal sealed record YamlMap(params IReadOnlyList<(string Key, Yaml? Value)> Entries) : Yaml
{
    internal override void Append(StringBuilder text, string indent)
    {
        if (Entries.All(entry => entry.Value is null))
        {
            text.Append(" {}\n");
            return;
        }
        text.Append('\n');
        Write(text, indent + "  ");
    }

    internal void Write(StringBuilder text, string indent, bool isBegun = false)
    {
        foreach (var (key, value) in Entries)
        {
            if (value is null)
                continue;
            text.Append(isBegun ? "" : indent).Append(YamlText.IsPlain(key) || key == "on" ? key : YamlText.Quoted(key)).Append(':');
            value.Append(text, indent);
            isBegun = false;
        }
    }
}

/// <summary>Values in order.</summary>
internal sealed record YamlSequence(params IReadOnlyList<Yaml> Items) : Yaml
{
    internal override void Append(StringBuilder text, string indent)
    {
        text.Append(Items.Count == 0 ? " []\n" : "\n");
        foreach (var item in Items)
        {
            text.Append(indent).Append("  -");
            if (item is YamlMap map)
            {
                text.Append(' ');
                map.Write(text, indent + "    ", isBegun: true);
            }
            else
            {
                item.Append(text, indent + "  ");
            }
        }
    }
}
