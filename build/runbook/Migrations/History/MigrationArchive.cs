using System.Formats.Tar;
using System.Text;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Migrations.History;

/// <summary>Reads migration files from tar archives: an image's files as the Engine API hands them out, or a git tree.</summary>
public static class MigrationArchive
{
    private const int MostArchived = 64 * 1024 * 1024;
    private const int MostImported = 64 * 1024;
    private const int MostOthers = 200;

    /// <summary>The revision files of a tar stream. If it holds a <c>versions</c> folder, only what is in such folders.</summary>
    /// <param name="tar">The archive; read to its end.</param>
    /// <param name="origin">Put before each path, for messages: an image or a tag.</param>
    /// <param name="recursive">Whether folders below the version folder count too; null when that isn't known: those that are linked to it then.</param>
    /// <exception cref="RunbookException">It is no tar archive, or a file in it is far too large for a migration.</exception>
    public static IReadOnlyList<SourceFile> Read(Stream tar, string origin = "", bool? recursive = null)
    {
        var files = new List<SourceFile>();
        var others = new List<SourceFile>();
        var sizes = new SourceSizes(origin);
        try
        {
            using var reader = new TarReader(tar, leaveOpen: true);
            while (reader.GetNextEntry() is { } entry)
            {
                if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile) || !entry.Name.EndsWith(".py", StringComparison.Ordinal))
                    continue;
                var revision = MigrationFolders.IsRevisionFile(entry.Name);
                // What is no migration may be imported by one.
                if (!revision && (entry.Length > MostImported || others.Count >= MostOthers))
                    continue;
                sizes.Add(entry.Name, entry.Length);
                using var text = new StreamReader(entry.DataStream ?? Stream.Null, Encoding.UTF8);
                (revision ? files : others).Add(new SourceFile(origin + entry.Name, text.ReadToEnd()));
            }
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw RunbookException.Refused($"expected a tar archive{(origin.Length > 0 ? $" of {origin}" : "")}, found something else: {fault.Message}", "try again");
        }

        var modules = ProjectModules.Of(files.Concat(others), origin);
        return Chosen(files, origin.Length, recursive).ConvertAll(file => file with { Modules = modules });
    }

    /// <summary>The files right in a <c>versions</c> folder if there are any, with those below that count, else all below one, else all.</summary>
    private static List<SourceFile> Chosen(List<SourceFile> files, int origin, bool? recursive)
    {
        var below = files.FindAll(file => Inside(file, origin) > origin);
        if (below.Count == 0 && recursive is null && files.TrueForAll(file => file.Path.AsSpan(origin).Contains('/')))
            return files;
        below = below.Count > 0 ? below : files;
        var direct = below.FindAll(file => !file.Path.AsSpan(Inside(file, origin)).Contains('/'));
        return direct.Count == 0 || recursive == true ? below : recursive == false ? direct : RevisionLinks.With(direct, below.FindAll(file => !direct.Contains(file)));
    }

    // Where the path inside the outermost version folder begins.
    private static int Inside(SourceFile file, int origin)
    {
        for (var at = file.Path.IndexOf("versions/", origin, StringComparison.Ordinal); at >= 0; at = file.Path.IndexOf("versions/", at + 1, StringComparison.Ordinal))
        {
            if (at == origin || file.Path[at - 1] == '/')
                return at + "versions/".Length;
        }

        return origin;
    }

    /// <summary>The revision files below folders of a repository at a commit, tag or branch, read by <c>git archive</c> itself.</summary>
    /// <param name="repository">A folder inside the repository's work tree.</param>
    /// <param name="reference">The commit, tag or branch.</param>
    /// <param name="folders">Folders relative to <paramref name="repository"/>.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="recursive">Whether folders below the version folder count too; null when that isn't known.</param>
    /// <exception cref="RunbookException">git doesn't know the reference or a folder.</exception>
    public static async Task<IReadOnlyList<SourceFile>> ReadGitAsync(
        string repository, string reference, IReadOnlyList<string> folders, CancellationToken cancellation, bool? recursive = null)
    {
        if (reference.StartsWith('-'))
            throw RunbookException.Usage($"expected a commit, tag or branch, found {reference}", "name one that `git rev-parse` knows");
        await using var git = await Shell.StartAsync(new Command("git", ["-C", repository, "archive", "--format=tar", reference, "--", .. folders]), cancellation);
        git.Input.Close();
        using var tar = new MemoryStream();
        var piece = new byte[64 * 1024];
        while (await git.Output.ReadAsync(piece, cancellation) is > 0 and var count)
        {
            if (tar.Length + count > MostArchived)
            {
                git.Kill();
                throw RunbookException.Refused(
                    $"expected migrations in {string.Join(", ", folders)} at {reference}, found an archive of more than {MostArchived} bytes",
                    "name the folder that holds the revision files (alembic's `versions`), not one above it");
            }

            tar.Write(piece, 0, count);
        }

        var exitCode = await git.WaitAsync(cancellation);
        if (exitCode != 0)
        {
            throw RunbookException.Usage(
                $"expected {string.Join(", ", folders)} at {reference} in the repository {repository}, found: {(await git.Error).Trim()}",
                "fetch the tag first (`git fetch --tags`), and look that the folder was there then");
        }

        tar.Position = 0;
        return Read(tar, $"{reference}:", recursive);
    }
}
