using System.Text;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Migrations.History;

/// <summary>
/// The few settings of <c>alembic.ini</c> that tell where revisions are (Alembic tutorial, "Editing the .ini File"), read as Python's <c>configparser</c>
/// reads them: sections, <c>[DEFAULT]</c>, values over several lines, interpolation.
/// </summary>
/// <param name="ScriptLocation">The folder of <c>env.py</c>; null when not set.</param>
/// <param name="VersionLocations">The version folders; empty when not set, which means <c>versions</c> under the script location.</param>
public sealed record AlembicIni(string? ScriptLocation, IReadOnlyList<string> VersionLocations)
{
    /// <summary>The section that Alembic reads when no other is named (<c>alembic --name</c>).</summary>
    internal const string UsualSection = "alembic";

    private const string Defaults = "DEFAULT";
    private const int MostNesting = 10;
    private const int MostExpanded = 64 * 1024;

    /// <summary>The section that it is.</summary>
    internal string Section { get; private init; } = UsualSection;

    /// <summary>Whether folders below the version folders count too (<c>recursive_version_locations</c>); null when not set.</summary>
    internal bool? RecursiveSetting { get; init; }

    /// <summary>Whether folders below the version folders count too.</summary>
    public bool Recursive => RecursiveSetting == true;

    /// <summary>Whether compiled files count without their source (<c>sourceless</c>).</summary>
    internal bool Sourceless { get; init; }

    /// <summary>The folders that Python's modules are looked for in besides (<c>prepend_sys_path</c>).</summary>
    internal IReadOnlyList<string> SystemPath { get; init; } = [];

    /// <summary>Reads the settings of the usual section. <c>%(here)s</c> becomes the folder of the file.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="here">The folder that it is in.</param>
    /// <exception cref="RunbookException">A value names another one that isn't there.</exception>
    public static AlembicIni Parse(string text, string here)
    {
        var sections = Read(text);
        return Of(sections.GetValueOrDefault(UsualSection) ?? [], sections.GetValueOrDefault(Defaults) ?? [], here);
    }

    /// <summary>The settings of every section that may be one of Alembic's: the usual one, and those that name a script or version location.</summary>
    /// <exception cref="RunbookException">A value names another one that isn't there.</exception>
    internal static IReadOnlyList<AlembicIni> All(string text, string here)
    {
        var sections = Read(text);
        var defaults = sections.GetValueOrDefault(Defaults) ?? [];
        return
        [
            .. sections.Where(section => section.Key != Defaults
                    && (section.Key == UsualSection || section.Value.ContainsKey("script_location") || section.Value.ContainsKey("version_locations")))
                .Select(section => Of(section.Value, defaults, here) with { Section = section.Key }),
        ];
    }

    private static AlembicIni Of(Dictionary<string, StringBuilder> own, Dictionary<string, StringBuilder> defaults, string here)
    {
        string? Raw(string name) => (own.GetValueOrDefault(name) ?? defaults.GetValueOrDefault(name))?.ToString();
        string? Setting(string name) => Raw(name) is { } value ? Expanded(value.Trim(), Raw, here, 0) : null;
        var separator = Setting("path_separator") ?? Setting("version_path_separator");
        return new AlembicIni(Setting("script_location") is { Length: > 0 } location ? location : null, Split(Setting("version_locations") ?? "", Separators(separator, [' ', ',', '\n'])))
        {
            RecursiveSetting = Setting("recursive_version_locations")?.Equals("true", StringComparison.OrdinalIgnoreCase),
            Sourceless = Setting("sourceless")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true,
            SystemPath = Split(Setting("prepend_sys_path") ?? "", Separators(separator, [' ', ',', ':', '\n'])),
        };
    }

    private static char[] Separators(string? setting, char[] otherwise) => setting switch
    {
        "os" or ":" => [':', '\n'],
        ";" => [';', '\n'],
        "space" => [' ', '\n'],
        "newline" => ['\n'],
        _ => otherwise,
    };

    private static string[] Split(string value, char[] separators) => value.Split(separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary><c>%(name)s</c> is the value of that name, <c>%%</c> a percent sign (Library Reference, <c>configparser.BasicInterpolation</c>).</summary>
    internal static string Expanded(string value, Func<string, string?> settings, string here, int depth)
    {
        if (!value.Contains('%', StringComparison.Ordinal))
            return value;
        if (depth >= MostNesting || value.Length > MostExpanded)
            throw Unreadable(value, "values that name each other without an end");
        var result = new StringBuilder();
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] != '%')
            {
                result.Append(value[at]);
                continue;
            }

            if (at + 1 < value.Length && value[at + 1] == '%')
            {
                result.Append('%');
                at++;
                continue;
            }

            var close = at + 1 < value.Length && value[at + 1] == '(' ? value.IndexOf(")s", at, StringComparison.Ordinal) : -1;
            if (close < 0)
                throw Unreadable(value, "a percent sign that begins no name");
            var name = value[(at + 2)..close].ToLowerInvariant();
            result.Append(
                settings(name) is { } other ? Expanded(other, settings, here, depth + 1)
                : name == "here" ? here.Length == 0 ? "." : here
                : throw Unreadable(value, $"the name {name}, which isn't set there"));
            if (result.Length > MostExpanded)
                throw Unreadable(value, "a value without an end");
            at = close + 1;
        }

        return result.ToString();
    }

    private static RunbookException Unreadable(string value, string found) => RunbookException.Usage(
        $"expected a setting of alembic.ini that can be read, found {found} in `{Narration.Printable(value.Length > 80 ? value[..80] : value)}`",
        "name the folder that holds the revision files (alembic's `versions`) itself");

    private static Dictionary<string, Dictionary<string, StringBuilder>> Read(string text)
    {
        var sections = new Dictionary<string, Dictionary<string, StringBuilder>>(StringComparer.Ordinal);
        Dictionary<string, StringBuilder>? section = null;
        StringBuilder? last = null;
        var indent = 0;
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = raw.TrimEnd();
            var trimmed = line.TrimStart();
            if (trimmed.Length == 0 || trimmed[0] is '#' or ';')
                continue;
            var begins = line.Length - trimmed.Length;
            if (last is not null && begins > indent)
            {
                // A line further in goes on with the value before it.
                last.Append('\n').Append(trimmed);
            }
            else if (trimmed[0] == '[' && trimmed.IndexOf(']') is > 0 and var end)
            {
                var name = trimmed[1..end];
                section = sections.TryGetValue(name, out var before) ? before : sections[name] = new(StringComparer.Ordinal);
                last = null;
            }
            else if (section is not null && trimmed.IndexOfAny(['=', ':']) is > 0 and var mark)
            {
                indent = begins;
                last = section[trimmed[..mark].Trim().ToLowerInvariant()] = new(trimmed[(mark + 1)..].Trim());
            }
        }

        return sections;
    }
}
