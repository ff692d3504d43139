using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>The dumps of a database that a backup folder holds.</summary>
public static class BackupCatalog
{
    /// <summary>All of them, newest first. A folder that doesn't exist holds none; facts that can't be read are none, and what is no file is no dump.</summary>
    /// <exception cref="RunbookException">The folder can't be read (outcome Refused).</exception>
    public static IReadOnlyList<Backup> List(string folder, string database)
    {
        if (!Directory.Exists(folder))
            return [];
        try
        {
            return Dumps(folder, database);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RunbookException.Refused($"expected to be able to read the backups in {folder}, found: {exception.Message}", "run as the folder's owner, or name another one with --backup-directory");
        }
    }

    private static List<Backup> Dumps(string folder, string database) =>
        [.. new DirectoryInfo(folder).EnumerateFiles("pg_*.dump")
            .Select(file => (File: file, Name: BackupName.Parse(file.Name)))
            .Where(each => each.Name?.IsOf(database) == true && RegularFile.Is(each.File.FullName))
            .OrderByDescending(each => each.Name!.At).ThenByDescending(each => each.File.Name, StringComparer.Ordinal)
            .Select(each => new Backup(each.File.FullName, each.Name!.At, each.File.Length, Facts(each.File.FullName)))];

    /// <summary>The newest dump, or null.</summary>
    public static Backup? Latest(string folder, string database) => List(folder, database) is [var newest, ..] ? newest : null;

    /// <summary>The newest dump that passed a verification of at least a level, or null.</summary>
    public static Backup? LatestVerified(string folder, string database, VerifyLevel atLeast = VerifyLevel.Checksum) =>
        List(folder, database).FirstOrDefault(backup => backup.Facts?.Verified is { } verified && verified.Level >= atLeast);

    private static BackupFacts? Facts(string dump)
    {
        try
        {
            return BackupFacts.Read(dump);
        }
        catch (RunbookException)
        {
            return null;
        }
    }
}
