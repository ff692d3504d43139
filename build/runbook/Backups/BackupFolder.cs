using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>The folder in which dumps are kept. Nothing in it is ever removed but this program's own unfinished dumps.</summary>
/// <param name="path">Its full path.</param>
public sealed class BackupFolder(string path)
{
    // Long enough for a file system without locks, where an unfinished dump shows that it is still written only by its growing.
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(2);
    // errno values of Linux, which .NET hands on as the HResult of an IOException.
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;
    private const int TooLarge = 27;

    /// <summary>Its full path.</summary>
    public string Path { get; } = path;

    /// <summary>Free bytes for this user on its file system.</summary>
    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    /// <summary>Checks that dumps can be written here.</summary>
    /// <exception cref="RunbookException">It is missing, no folder, or can't be written.</exception>
    public void Check()
    {
        if (File.Exists(Path))
            throw RunbookException.Refused($"expected a folder for backups at {Path}, found a file", "name another folder with --backup-directory");
        if (!Directory.Exists(Path))
            throw RunbookException.Refused($"expected a folder for backups at {Path}, found none", $"make it: mkdir -p -m 700 {Path}");
        var probe = System.IO.Path.Combine(Path, $".runback-{Guid.NewGuid():N}");
        try
        {
            using (PrivateFiles.Create(probe))
            {
                // Making it is the check.
            }
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(exception, probe);
        }
    }

    /// <summary>Checks that there is room for what comes.</summary>
    /// <param name="expected">The dump's likely size, in bytes.</param>
    /// <param name="reserve">What must stay free, in bytes: the database may live on the same disk.</param>
    /// <exception cref="RunbookException">There isn't.</exception>
    public void CheckRoom(long expected, long reserve)
    {
        var free = FreeBytes;
        if (free < expected + reserve)
        {
            throw RunbookException.Refused(
                $"expected {Bytes.Readable(expected + reserve)} free in {Path} (the dump about {Bytes.Readable(expected)}, and {Bytes.Readable(reserve)} that stay free), found {Bytes.Readable(free)}",
                "make room, or name a folder on another disk with --backup-directory; old dumps are yours to remove, Runback removes none");
        }
    }

    /// <summary>Removes unfinished dumps of runs that are gone; gives their names.</summary>
    public IReadOnlyList<string> RemoveLeftovers()
    {
        var removed = new List<string>();
        foreach (var file in new DirectoryInfo(Path).EnumerateFiles("pg_*.dump" + BackupName.PartSuffix))
        {
            if (BackupName.Parse(file.Name[..^BackupName.PartSuffix.Length]) is null || DateTime.UtcNow - file.LastWriteTimeUtc < Stale || IsHeld(file))
                continue;
            file.Delete();
            removed.Add(file.Name);
        }
        return removed;
    }

    /// <summary>The error for a failure to write here.</summary>
    public RunbookException Unusable(Exception exception, string file) => exception switch
    {
        IOException { HResult: NoSpace or QuotaExceeded } => RunbookException.Refused(
            $"expected room for the dump in {Path}, found the disk full{Free()}",
            "make room, or name a folder on another disk with --backup-directory; the unfinished dump was removed"),
        IOException { HResult: TooLarge } => RunbookException.Refused(
            $"expected to be able to write a file of any size into {Path}, found that the file system or a limit (ulimit -f) allows no more",
            "raise the limit, or name a folder on another file system with --backup-directory; the unfinished dump was removed"),
        IOException { HResult: ReadOnlyFileSystem } => RunbookException.Refused(
            $"expected to be able to write into {Path}, found a read-only file system", "mount it writable, or name another folder with --backup-directory"),
        UnauthorizedAccessException => RunbookException.Refused(
            $"expected to be able to write into {Path}, found no permission", $"run as its owner, or give the permission: chmod u+wx {Path}"),
        _ => new RunbookException(
            $"expected to be able to write {file}, found: {exception.Message}", "look at the disk, or name another folder with --backup-directory",
            Outcome.Refused, exception),
    };

    /// <summary>Whether a program complains of a full disk (strerror(3) of ENOSPC and EDQUOT).</summary>
    internal static bool IsFull(string complaint) =>
        complaint.Contains("No space left on device", StringComparison.OrdinalIgnoreCase) || complaint.Contains("Disk quota exceeded", StringComparison.OrdinalIgnoreCase);

    // A disk that was taken away meanwhile tells no size.
    private string Free()
    {
        try
        {
            return $" ({Bytes.Readable(FreeBytes)} free)";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static bool IsHeld(FileInfo file)
    {
        try
        {
            using var held = file.Open(FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
