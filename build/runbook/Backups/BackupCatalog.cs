using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>The dumps of a database that a backup folder holds.</summary>
public static class BackupCatalog
{
    /// <summary>All of them, newest first. A folder that doesn't exist holds none; facts that can't be read are none.</summary>
    public static IReadOnlyList<Backup> List(string folder, string database)
    {
        if (!Directory.Exists(folder))
            return [];
        return [.. new DirectoryInfo(folder).EnumerateFiles("pg_*.dump")
            .Select(file => (File: file, Name: BackupName.Parse(file.Name)))
            .Where(each => each.Name?.IsOf(database) == true)
            .OrderByDescending(each => each.Name!.At).ThenByDescending(each => each.File.Name, StringComparer.Ordinal)
            .Select(each => new Backup(each.File.FullName, each.Name!.At, each.File.Length, Facts(each.File.FullName)))];
    }

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
