using Runback.Runbook.Runs;

namespace Runback.Runbook.Migrations.History;

/// <summary>Reads migration files from folders of this machine.</summary>
public static class MigrationFolders
{
    /// <summary>
    /// The Python files that Alembic reads for each folder. A folder is one of revision files, Alembic's root that holds <c>versions</c>, a folder with
    /// <c>alembic.ini</c> or <c>pyproject.toml</c>, or that file itself; the configuration above a version folder tells whether folders below it count.
    /// </summary>
    /// <exception cref="RunbookException">A folder isn't there, or holds nothing.</exception>
    public static IReadOnlyList<SourceFile> Read(IEnumerable<string> folders)
    {
        var files = new List<SourceFile>();
        var sizes = new SourceSizes();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in folders)
        {
            var found = VersionFolders.Find(folder);
            var count = 0;
            var modules = ProjectModules.In(found.SystemPath, found.Roots.Concat(found.Folders.Select(Path.GetFullPath)));
            foreach (var versions in found.Folders)
            {
                if (found.Sourceless)
                    RefuseCompiled(versions);
                foreach (var file in Files(versions, found.Recursive, sizes))
                {
                    count++;
                    if (seen.Add(Path.GetFullPath(file.Path)))
                        files.Add(file with { Modules = modules });
                }
            }

            if (count == 0)
            {
                throw RunbookException.Usage(
                    $"expected migrations in {string.Join(", ", found.Folders)}, found no Python file", "name the folder that holds the revision files (alembic's `versions`)");
            }
        }

        return files;
    }

    /// <summary>As Alembic does: not below the folder, unless it is said so, or the folder itself has no revision files, or those below go on from them.</summary>
    private static List<SourceFile> Files(string versions, bool? recursive, SourceSizes sizes)
    {
        List<SourceFile> Read(IEnumerable<string> paths) => [.. paths.Select(path =>
        {
            sizes.Add(path, new FileInfo(path).Length);
            return new SourceFile(path, File.ReadAllText(path));
        })];
        string[] here = recursive == true ? [] : Files(versions, SearchOption.TopDirectoryOnly);
        if (here.Length > 0 && recursive == false)
            return Read(here);
        var all = Files(versions, SearchOption.AllDirectories);
        return here.Length == 0 ? Read(all) : RevisionLinks.With(Read(here), Read(all.Except(here)));
    }

    private static string[] Files(string folder, SearchOption depth) =>
        [.. Directory.EnumerateFiles(folder, "*.py", depth).Where(IsRevisionFile).Order(StringComparer.Ordinal)];

    /// <summary>Whether a path may be a revision file: Python, and neither a package's marker, an editor's lock nor Alembic's own <c>env.py</c>.</summary>
    internal static bool IsRevisionFile(string path) =>
        path.EndsWith(".py", StringComparison.Ordinal) && Path.GetFileName(path) is var name && name != "env.py"
        && !name.StartsWith("__init__", StringComparison.Ordinal) && !name.StartsWith(".#", StringComparison.Ordinal) && !path.Contains("__pycache__", StringComparison.Ordinal);

    // With sourceless = true Alembic takes compiled files for revisions, those of deleted ones too.
    private static void RefuseCompiled(string versions)
    {
        foreach (var compiled in Directory.EnumerateFiles(versions, "*.py?", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(compiled);
            if (Path.GetExtension(name) is not (".pyc" or ".pyo") || name.StartsWith("__init__", StringComparison.Ordinal))
                continue;
            var folder = Path.GetDirectoryName(compiled)!;
            var source = Path.Combine(Path.GetFileName(folder) == "__pycache__" ? Path.GetDirectoryName(folder)! : folder, name.Split('.')[0] + ".py");
            if (!File.Exists(source))
            {
                throw RunbookException.Refused(
                    $"expected the source of {compiled}, which Alembic reads as a migration (sourceless = true), found none", "remove it, or bring its source back");
            }
        }
    }
}
