using System.Globalization;
using Runback.Runbook.Backups;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>Which dump a restore goes back to.</summary>
/// <param name="Backup">The dump.</param>
/// <param name="Warnings">What a person should know before using it.</param>
public sealed record RestorePoint(Backup Backup, IReadOnlyList<string> Warnings)
{
    /// <summary>
    /// The dump's SHA-256 as the file beside it said when the dump was chosen: whoever uses the dump later holds it against this. Null when that file can't be read.
    /// </summary>
    public string? Sha256 { get; init; }

    /// <summary>The word for the newest dump that fits, of those that no rollback took of what it left.</summary>
    public const string Latest = "latest";

    private const string Another = "name another dump with --point, or another release with --tag";

    /// <summary>Chooses a dump: the newest that fits the release, or the one that is named.</summary>
    /// <param name="point"><c>latest</c>, or a dump's path or its name in the folder.</param>
    /// <param name="folder">The backup folder.</param>
    /// <param name="database">The application's database.</param>
    /// <param name="fits">Whether the release can run on a database with these revisions.</param>
    /// <param name="systemIdentifier">The cluster's identifier, or null when it isn't known.</param>
    /// <exception cref="RunbookException">There is none, with what there is.</exception>
    public static RestorePoint Choose(
        string point, string folder, string database, Func<IReadOnlyList<string>, bool> fits, string? systemIdentifier = null)
    {
        var backup = point == Latest ? Newest(folder, database, fits) : Named(point, folder, database, fits);
        var warnings = new List<string>();
        var name = Path.GetFileName(backup.File);
        if (backup.Facts is null)
            warnings.Add($"{name} was taken by another program: its revision and its rows are known only once it is restored");
        else if (backup.Facts.Revisions is null)
            warnings.Add($"nobody noted the revision of {name}: whether the release fits is known only once it is restored");
        if (backup.Facts?.SystemIdentifier is { } cluster && systemIdentifier is not null && cluster != systemIdentifier)
            warnings.Add($"{name} is of another server (cluster {cluster}; this is {systemIdentifier}): are these really the data that you want?");
        return new RestorePoint(backup, warnings) { Sha256 = ChecksumOf(backup.File) };
    }

    /// <summary>Whether a point that is asked for is a dump that was restored already. The newest one stands for whatever was restored: a newer one isn't another wish.</summary>
    /// <param name="point"><c>latest</c>, or a dump's path or its name in the folder.</param>
    /// <param name="folder">The backup folder.</param>
    /// <param name="placed">The dump that was restored.</param>
    public static bool Means(string point, string folder, PlacedBackup placed)
    {
        if (point == Latest)
            return true;
        var path = PathOf(point, folder);
        return File.Exists(path) ? ChecksumOf(path) == placed.Sha256 : Path.GetFileName(path) == placed.Dump;
    }

    private static string PathOf(string point, string folder) => File.Exists(point) ? Path.GetFullPath(point) : Path.GetFullPath(point, folder);

    private static string? ChecksumOf(string dump)
    {
        try
        {
            return ChecksumFile.Read(dump);
        }
        catch (RunbookException)
        {
            return null;
        }
    }

    private static Backup Newest(string folder, string database, Func<IReadOnlyList<string>, bool> fits)
    {
        var all = BackupCatalog.List(folder, database);
        if (all.Count == 0)
            throw RunbookException.Refused($"expected dumps of {database} in {folder}, found none", "name the folder with --backup-directory, or a dump with --point");
        return all.FirstOrDefault(backup => backup.Facts is { RollbackTo: null, Revisions: { } revisions } && fits(revisions) && HasChecksum(backup))
            ?? throw RunbookException.Refused(
                $"expected a dump of {database} with a checksum and with revisions that the release can run on, found {List(all, fits)}", Another);
    }

    private static Backup Named(string point, string folder, string database, Func<IReadOnlyList<string>, bool> fits)
    {
        var path = PathOf(point, folder);
        if (!File.Exists(path))
        {
            var all = BackupCatalog.List(folder, database);
            throw RunbookException.Refused(
                $"expected a dump {point}, found no such file here nor in {folder}", all.Count == 0 ? Another : $"there are {List(all, fits)}");
        }
        if (!RegularFile.Is(path))
            throw RunbookException.Refused($"expected a dump {point}, found {RegularFile.Described(path)}", Another);
        var name = Path.GetFileName(path);
        var parsed = BackupName.Parse(name);
        var backup = new Backup(path, parsed?.At ?? File.GetLastWriteTimeUtc(path), new FileInfo(path).Length, BackupFacts.Read(path));
        var of = backup.Facts?.Database ?? (parsed?.IsOf(database) == false ? parsed.Database : database);
        if (of != database)
            throw RunbookException.Refused($"expected a dump of the database {database}, found one of {of}", "name a dump of this deployment's database");
        if (!HasChecksum(backup))
            throw RunbookException.Refused($"expected the checksum of {name} in {ChecksumFile.PathOf(path)}, found none", "without it nobody can tell whether the dump is what was written: " + Another);
        if (backup.Facts?.Revisions is { } revisions && !fits(revisions))
            throw RunbookException.Refused($"expected a dump with revisions that the release can run on, found {name} with {Names(revisions)}", Another);
        return backup;
    }

    private static bool HasChecksum(Backup backup) => File.Exists(ChecksumFile.PathOf(backup.File));

    private static string List(IReadOnlyList<Backup> all, Func<IReadOnlyList<string>, bool> fits)
    {
        const int shown = 6;
        var each = all.Take(shown).Select(backup =>
            $"{Path.GetFileName(backup.File)} of {backup.At.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC ({About(backup, fits)})");
        return string.Join("; ", each) + (all.Count > shown ? $"; and {all.Count - shown} older ones" : "");
    }

    private static string About(Backup backup, Func<IReadOnlyList<string>, bool> fits) =>
        (backup.Facts?.Revisions) switch
        {
            null => "revision not known",
            var revisions => $"revision {Names(revisions)}{(fits(revisions) ? "" : ", doesn't fit")}",
        } + (HasChecksum(backup) ? "" : ", no checksum") + (backup.Facts?.RollbackTo is { } to ? $", of what a rollback to {to} left" : "");

    private static string Names(IReadOnlyList<string> revisions) => revisions.Count == 0 ? "none" : string.Join(", ", revisions);
}
