using System.Globalization;
using System.Text;

namespace Runback.Runbook.Migrations.History;

/// <summary>
/// The table <c>[tool.alembic]</c> of <c>pyproject.toml</c> (Alembic documentation, "Using pyproject.toml for configuration"). Only texts, lists of texts and
/// booleans are read: no other setting tells where revisions are, and a whole document may be nested as deep as somebody likes.
/// </summary>
internal static class AlembicToml
{
    /// <summary>The settings; null when the file has no such table.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="here">The folder that it is in.</param>
    internal static AlembicIni? Parse(string text, string here)
    {
        var settings = new Dictionary<string, object>(StringComparer.Ordinal);
        var table = "";
        var found = false;
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.StartsWith('['))
            {
                table = string.Concat(line[..(line.IndexOf(']') is >= 0 and var end ? end + 1 : line.Length)].Where(c => !char.IsWhiteSpace(c) && c is not ('"' or '\'')));
                found |= table is "[tool.alembic]";
            }
            else if (line.IndexOf('=') is > 0 and var mark && line[0] != '#')
            {
                var key = string.Concat(line[..mark].Where(c => !char.IsWhiteSpace(c) && c is not ('"' or '\'')));
                var name = table switch
                {
                    "[tool.alembic]" => key,
                    "[tool]" when key.StartsWith("alembic.", StringComparison.Ordinal) => key["alembic.".Length..],
                    "" when key.StartsWith("tool.alembic.", StringComparison.Ordinal) => key["tool.alembic.".Length..],
                    _ => null,
                };
                var value = line[(mark + 1)..].Trim();
                if (name is null)
                {
                    i = Skip(lines, i, value);
                    continue;
                }

                found = true;
                if (value.StartsWith('['))
                {
                    var list = new StringBuilder(value);
                    while (!Closes(list) && i + 1 < lines.Length)
                        list.Append('\n').Append(lines[++i]);
                    settings[name] = Strings(list.ToString());
                }
                else if (value.StartsWith("true", StringComparison.Ordinal) || value.StartsWith("false", StringComparison.Ordinal))
                    settings[name] = value[0] == 't';
                else if (Strings(value) is [var only, ..])
                    settings[name] = only;
                i = value.StartsWith('[') ? i : Skip(lines, i, value);
            }
        }

        if (!found)
            return null;
        string Expanded(string value) => AlembicIni.Expanded(value, name => settings.GetValueOrDefault(name) as string, here, 0);
        IReadOnlyList<string> List(string name) => settings.GetValueOrDefault(name) switch
        {
            List<string> several => [.. several.Select(Expanded)],
            string one => [Expanded(one)],
            _ => [],
        };
        return new AlembicIni(settings.GetValueOrDefault("script_location") is string location ? Expanded(location) : null, List("version_locations"))
        {
            RecursiveSetting = settings.GetValueOrDefault("recursive_version_locations") as bool?,
            Sourceless = settings.GetValueOrDefault("sourceless") is true,
            SystemPath = List("prepend_sys_path"),
        };
    }

    // A text of several lines may hold what looks like a table.
    private static int Skip(string[] lines, int at, string value)
    {
        foreach (var quotes in (string[])["\"\"\"", "'''"])
        {
            if (!value.StartsWith(quotes, StringComparison.Ordinal) || value.IndexOf(quotes, 3, StringComparison.Ordinal) >= 0)
                continue;
            while (at + 1 < lines.Length && !lines[++at].Contains(quotes, StringComparison.Ordinal))
            {
            }
        }

        return at;
    }

    private static bool Closes(StringBuilder list) => Texts(list.ToString()).Closed;

    private static List<string> Strings(string value) => Texts(value).Texts;

    // The quoted texts up to the closing bracket, comments left out.
    private static (List<string> Texts, bool Closed) Texts(string value)
    {
        var texts = new List<string>();
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] == '#')
                at = value.IndexOf('\n', at) is >= 0 and var next ? next : value.Length;
            else if (value[at] == ']')
                return (texts, true);
            else if (value[at] is '"' or '\'')
                texts.Add(Quoted(value, ref at));
        }

        return (texts, false);
    }

    private static string Quoted(string value, ref int at)
    {
        var quote = value[at];
        var text = new StringBuilder();
        for (at++; at < value.Length && value[at] != quote; at++)
        {
            if (quote == '\'' || value[at] != '\\' || at + 1 >= value.Length)
            {
                text.Append(value[at]);
                continue;
            }

            at++;
            var digits = value[at] switch { 'u' => 4, 'U' => 8, _ => 0 };
            if (digits > 0 && at + digits < value.Length
                && int.TryParse(value.AsSpan(at + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code) && code is >= 0 and < 0xd800)
            {
                text.Append((char)code);
                at += digits;
            }
            else
            {
                text.Append(value[at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var same => same });
            }
        }

        return text.ToString();
    }
}
