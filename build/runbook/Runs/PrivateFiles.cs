namespace Runback.Runbook.Runs;

/// <summary>Files and folders that only their owner may read: 0600 and 0700 (on Windows, what the folder grants).</summary>
public static class PrivateFiles
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>Makes a folder, and those above it, readable by its owner only. One that exists is left as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        // The framework gives the mode to the last folder only.
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } above && !Directory.Exists(above))
            CreateFolder(above);
        Directory.CreateDirectory(path, OwnerFolder);
    }

    /// <summary>Creates a file for writing; one that exists is an error.</summary>
    public static FileStream Create(string path) => Open(path, FileMode.CreateNew);

    /// <summary>Opens a file for appending, made when missing.</summary>
    public static FileStream Append(string path) => Open(path, FileMode.Append);

    /// <summary>Writes a text file so that a reader sees the old content or all of the new: a temporary name, flushed, then renamed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of its new content.</param>
    /// <param name="mode">Its permissions; null keeps those of the file that is replaced, or 0600 for a new one.</param>
    public static void Replace(string path, string content, UnixFileMode? mode = null)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = Create(temporary))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(content));
                file.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(temporary, mode ?? (File.Exists(path) ? File.GetUnixFileMode(path) : OwnerFile));
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        return new FileStream(path, options);
    }
}
