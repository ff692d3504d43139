using Runback.Runbook.Runs;

namespace Runback.Runbook.Migrations.History;

/// <summary>The folders that Alembic reads revisions from when it is used with one of them, as its configuration says; without one, as it does by itself.</summary>
/// <param name="Folders">The folders.</param>
/// <param name="Recursive">Whether the folders below count too; null when no configuration was found that tells.</param>
internal sealed record VersionFolders(IReadOnlyList<string> Folders, bool? Recursive)
{
    private const int MostAbove = 8;
    private const int FewAbove = 3;
    private const string Ini = "alembic.ini";
    private const string Toml = "pyproject.toml";

    /// <summary>Whether compiled files count without their source.</summary>
    internal bool Sourceless { get; private init; }

    /// <summary>Where Python looks for the project's own modules, as the configuration says.</summary>
    internal IReadOnlyList<string> SystemPath { get; private init; } = [];

    /// <summary>Where they may be besides.</summary>
    internal IReadOnlyList<string> Roots { get; private init; } = [];

    /// <summary>Finds them.</summary>
    /// <param name="place">A folder of revision files, Alembic's root that holds <c>versions</c>, a folder with a configuration, or the configuration itself.</param>
    /// <exception cref="RunbookException">There is nothing, or the configuration doesn't tell.</exception>
    internal static VersionFolders Find(string place)
    {
        if (File.Exists(place) && place.EndsWith(".ini", StringComparison.Ordinal))
            return Usual(Configured(DirectoryOf(place), place), place);
        if (File.Exists(place) && place.EndsWith(".toml", StringComparison.Ordinal))
            return Usual(Configured(DirectoryOf(place), null, place), place);
        if (!Directory.Exists(place))
        {
            throw RunbookException.Usage(
                $"expected a folder of migrations at {place}, found {(File.Exists(place) ? "a file" : "nothing there")}",
                "name the folder that holds the revision files (alembic's `versions`), or alembic.ini");
        }

        if (ConfiguredIn(place) is { Count: > 0 } own)
            return Usual(own, place);
        var versions = Path.Combine(place, "versions");
        return Above(place) ?? new VersionFolders([Directory.Exists(versions) ? versions : place], null) { Roots = Within(place) };
    }

    // The configuration above that this folder belongs to.
    private static VersionFolders? Above(string place)
    {
        var folder = Full(place);
        foreach (var above in Ancestors(folder).Skip(1))
        {
            List<(AlembicIni Setting, string Here)> sections;
            try
            {
                sections = ConfiguredIn(above);
            }
            catch (RunbookException)
            {
                // A configuration that can't be read is that of another place, for all that is known.
                continue;
            }

            foreach (var section in sections)
            {
                try
                {
                    var found = Of(section.Setting, section.Here, out var root);
                    if (Full(root) == folder || found.Folders.Any(one => Full(one) == folder || (found.Recursive == true && folder.StartsWith(Full(one) + Path.DirectorySeparatorChar, StringComparison.Ordinal))))
                        return found;
                }
                catch (RunbookException)
                {
                    continue;
                }
            }
        }

        return null;
    }

    private static VersionFolders Usual(List<(AlembicIni Setting, string Here)> sections, string place)
    {
        var usual = sections.FindAll(section => section.Setting.Section == AlembicIni.UsualSection
            && (sections.Count == 1 || section.Setting.ScriptLocation is not null || section.Setting.VersionLocations.Count > 0));
        if (usual.Count == 0)
            usual = sections;
        if (usual is not [var (setting, here)])
        {
            throw RunbookException.Usage(
                $"expected one section of Alembic's in {place}, found {(usual.Count == 0 ? "none" : string.Join(", ", usual.Select(section => $"[{section.Setting.Section}]")))}",
                "name the version folder of the section that is meant");
        }

        var found = Of(setting, here, out _);
        foreach (var folder in found.Folders)
        {
            if (!Directory.Exists(folder))
            {
                throw RunbookException.Usage(
                    $"expected the version folder {folder} that {place} names, found nothing there", "name the folder that holds the revision files itself");
            }
        }

        return found;
    }

    private static List<(AlembicIni Setting, string Here)> ConfiguredIn(string folder)
    {
        var ini = Path.Combine(folder, Ini);
        return Configured(folder, File.Exists(ini) ? ini : null);
    }

    // What alembic.ini doesn't set is taken from pyproject.toml beside it.
    private static List<(AlembicIni Setting, string Here)> Configured(string here, string? ini, string? toml = null)
    {
        toml ??= Path.Combine(here, Toml);
        var project = File.Exists(toml) ? AlembicToml.Parse(Text(toml), here) : null;
        if (ini is null)
            return project is null ? [] : [(project, here)];
        var sections = AlembicIni.All(Text(ini), here);
        if (sections.Count == 0)
            return [(project ?? new AlembicIni(null, []), here)];
        return
        [
            .. sections.Select(section => (project is null ? section : section with
            {
                ScriptLocation = section.ScriptLocation ?? project.ScriptLocation,
                VersionLocations = section.VersionLocations.Count > 0 ? section.VersionLocations : project.VersionLocations,
                RecursiveSetting = section.RecursiveSetting ?? project.RecursiveSetting,
                SystemPath = section.SystemPath.Count > 0 ? section.SystemPath : project.SystemPath,
            }, here)),
        ];
    }

    private static VersionFolders Of(AlembicIni setting, string here, out string root)
    {
        string[] path = [.. setting.SystemPath.Select(one => Path.Combine(here, one)), here, Path.Combine(here, "src")];
        root = setting.ScriptLocation is { } location ? Resource(location, here, path)
            // Flask-Migrate sets it from the folder that the file is in.
            : File.Exists(Path.Combine(here, "env.py")) ? here : Path.Combine(here, "alembic");
        return new VersionFolders(
            setting.VersionLocations.Count > 0 ? [.. setting.VersionLocations.Select(one => Resource(one, here, path))] : [Path.Combine(root, "versions")], setting.Recursive)
        {
            Sourceless = setting.Sourceless,
            SystemPath = [.. path.Select(Full).Where(Directory.Exists)],
            Roots = [.. Ancestors(root).Where(folder => (folder + Path.DirectorySeparatorChar).StartsWith(Full(here) + Path.DirectorySeparatorChar, StringComparison.Ordinal))],
        };
    }

    // package:path is a folder of an imported package, wherever that is: what lies beside the configuration under another name is something else.
    private static string Resource(string location, string here, string[] path)
    {
        if (Path.IsPathRooted(location) || !location.Contains(':', StringComparison.Ordinal))
            return Path.Combine(here, location);
        var parts = location.Split(':');
        foreach (var root in path)
        {
            var package = Path.Combine([root, .. parts[0].Split('.')]);
            if (Directory.Exists(package))
                return Path.Combine([package, .. parts[1..]]);
        }

        throw RunbookException.Usage(
            $"expected the package {parts[0]} of `{location}` in {string.Join(", ", path.Distinct())}, found none", "name the folder that holds the revision files itself");
    }

    // A folder and those above it that surely belong to the same project.
    private static List<string> Within(string folder) =>
        Ancestors(folder) is var above && Path.Exists(Path.Combine(above[^1], ".git")) ? above : [.. above.Take(FewAbove)];

    // A folder and those above it, up to the repository's.
    private static List<string> Ancestors(string folder)
    {
        var result = new List<string>();
        for (var above = Full(folder); above is not null && result.Count < MostAbove; above = Path.GetDirectoryName(above))
        {
            result.Add(above);
            if (Path.Exists(Path.Combine(above, ".git")))
                break;
        }

        return result;
    }

    private static string Text(string file)
    {
        new SourceSizes().Add(file, new FileInfo(file).Length);
        return File.ReadAllText(file);
    }

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static string DirectoryOf(string file) => Path.GetDirectoryName(file) is { Length: > 0 } directory ? directory : ".";
}
