using Runback.Runbook.Runs;

namespace Runback.Runbook.Migrations.History;

/// <summary>Reads migration files from folders of this machine.</summary>
public static class MigrationFolders
{
    /// <summary>
    /// The Python files of each folder. A folder is one of revision files, Alembic's root that holds <c>versions</c>, a folder with
    /// <c>alembic.ini</c>, or that file itself.
    /// </summary>
    /// <exception cref="RunbookException">A folder isn't there.</exception>
    public static IReadOnlyList<SourceFile> Read(IEnumerable<string> folders)
    {
        var files = new List<SourceFile>();
        var sizes = new SourceSizes();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            foreach (var file in Versions(folder, out var recursive).SelectMany(versions => Files(versions, recursive)))
            {
                if (!seen.Add(Path.GetFullPath(file)))
                    continue;
                sizes.Add(file, new FileInfo(file).Length);
                files.Add(new SourceFile(file, File.ReadAllText(file)));
            }
        }

        return files;
    }

    /// <summary>As Alembic does: not below the folder, unless it is said so, or the folder itself has no revision files.</summary>
    private static string[] Files(string versions, bool recursive)
    {
        string[] here = recursive ? [] : Files(versions, SearchOption.TopDirectoryOnly);
        return here.Length > 0 ? here : Files(versions, SearchOption.AllDirectories);
    }

    private static string[] Files(string folder, SearchOption depth) =>
        [.. Directory.EnumerateFiles(folder, "*.py", depth).Where(IsRevisionFile).Order(StringComparer.Ordinal)];

    /// <summary>Whether a path may be a revision file: Python, and neither a package's marker nor Alembic's own <c>env.py</c>.</summary>
    internal static bool IsRevisionFile(string path) =>
        path.EndsWith(".py", StringComparison.Ordinal) && Path.GetFileName(path) is not ("__init__.py" or "env.py") && !path.Contains("__pycache__", StringComparison.Ordinal);

    private static List<string> Versions(string folder, out bool recursive)
    {
        recursive = false;
        if (File.Exists(folder) && folder.EndsWith(".ini", StringComparison.Ordinal))
            return FromIni(folder, out recursive);
        if (!Directory.Exists(folder))
        {
            throw RunbookException.Usage(
                $"expected a folder of migrations at {folder}, found {(File.Exists(folder) ? "a file" : "nothing there")}",
                "name the folder that holds the revision files (alembic's `versions`), or alembic.ini");
        }

        var ini = Path.Combine(folder, "alembic.ini");
        if (File.Exists(ini))
            return FromIni(ini, out recursive);
        var versions = Path.Combine(folder, "versions");
        return [Directory.Exists(versions) ? versions : folder];
    }

    private static List<string> FromIni(string file, out bool recursive)
    {
        var here = Path.GetDirectoryName(file) is { Length: > 0 } directory ? directory : ".";
        new SourceSizes().Add(file, new FileInfo(file).Length);
        var ini = AlembicIni.Parse(File.ReadAllText(file), here);
        recursive = ini.Recursive;
        var root = ini.ScriptLocation is { } location && !location.Contains(':') ? Path.Combine(here, location) : Path.Combine(here, "alembic");
        List<string> folders = ini.VersionLocations.Count > 0
            ? [.. ini.VersionLocations.Where(path => !path.Contains(':')).Select(path => Path.Combine(here, path))]
            : [Path.Combine(root, "versions")];
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
            {
                throw RunbookException.Usage(
                    $"expected the version folder {folder} that {file} names, found nothing there",
                    "name the folder that holds the revision files itself");
            }
        }

        return folders;
    }
}
