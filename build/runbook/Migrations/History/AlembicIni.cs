namespace Runback.Runbook.Migrations.History;

/// <summary>The few settings of <c>alembic.ini</c> that tell where revisions are (Alembic tutorial, "Editing the .ini File").</summary>
/// <param name="ScriptLocation">The folder of <c>env.py</c>; null when not set.</param>
/// <param name="VersionLocations">The version folders; empty when not set, which means <c>versions</c> under the script location.</param>
public sealed record AlembicIni(string? ScriptLocation, IReadOnlyList<string> VersionLocations)
{
    /// <summary>Whether folders below the version folders count too (<c>recursive_version_locations</c>).</summary>
    public bool Recursive { get; init; }

    /// <summary>Reads the settings. <c>%(here)s</c> becomes the folder of the file.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="here">The folder that it is in.</param>
    public static AlembicIni Parse(string text, string here)
    {
        var settings = new Dictionary<string, System.Text.StringBuilder>(StringComparer.Ordinal);
        var inSection = false;
        string? last = null;
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            var line = raw.TrimEnd();
            var trimmed = line.TrimStart();
            if (trimmed.Length == 0 || trimmed[0] is '#' or ';')
                continue;
            if (trimmed[0] == '[')
            {
                inSection = trimmed.StartsWith("[alembic]", StringComparison.Ordinal);
                last = null;
            }
            else if (inSection && line.Length > trimmed.Length && last is not null)
            {
                // An indented line goes on with the value before it.
                settings[last].Append('\n').Append(trimmed);
            }
            else if (inSection && trimmed.IndexOfAny(['=', ':']) is > 0 and var mark)
            {
                last = trimmed[..mark].Trim().ToLowerInvariant();
                settings[last] = new(trimmed[(mark + 1)..].Trim());
            }
        }

        string Setting(string name) => settings.GetValueOrDefault(name)?.ToString() ?? "";
        string Expanded(string value) => value.Replace("%(here)s", here.Length == 0 ? "." : here, StringComparison.Ordinal).Replace("%%", "%", StringComparison.Ordinal);
        var separators = Setting(settings.ContainsKey("path_separator") ? "path_separator" : "version_path_separator") switch
        {
            "os" or ":" => new[] { ':', '\n' },
            ";" => [';', '\n'],
            "space" => [' ', '\n'],
            "newline" => ['\n'],
            _ => [' ', ',', ':', '\n'],
        };
        var locations = Setting("version_locations");
        return new AlembicIni(
            Setting("script_location") is { Length: > 0 } location ? Expanded(location) : null,
            [.. Expanded(locations).Split(separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)])
        {
            Recursive = Setting("recursive_version_locations").Equals("true", StringComparison.OrdinalIgnoreCase),
        };
    }
}
