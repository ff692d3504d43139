namespace Runback.Runbook.Runs;

/// <summary>
/// Files and folders that only their owner may read: 0600 and 0700 (on Windows, what the folder grants). What root makes belongs to the owner of the
/// folder that it is made in: a later run as that owner must be able to work with it.
/// </summary>
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
        ForeignLink.ThrowIfFollowed(path);
        var isNew = !Directory.Exists(path);
        Directory.CreateDirectory(path, OwnerFolder);
        if (isNew && OperatingSystem.IsLinux())
            FileOwner.Inherit(path);
    }

    /// <summary>Gives folders that root made before, in a folder of somebody else's, to that one; each in turn, from the outermost. Missing ones are passed over.</summary>
    public static void Adopt(params ReadOnlySpan<string> folders)
    {
        foreach (var folder in folders)
        {
            if (OperatingSystem.IsLinux() && Directory.Exists(folder))
                FileOwner.Inherit(folder);
        }
    }

    /// <summary>Creates a file for writing; one that exists is an error.</summary>
    public static FileStream Create(string path) => Open(path, FileMode.CreateNew);

    /// <summary>Opens a file for appending, made when missing.</summary>
    /// <exception cref="IOException">It can't be, or is no file, or a link of another user's.</exception>
    public static FileStream Append(string path)
    {
        ForeignLink.ThrowIfFollowed(path);
        try
        {
            if (!File.Exists(path))
                Open(path, FileMode.CreateNew).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else has just made it.
        }
        return RegularFile.Is(path) ? Open(path, FileMode.Append) : throw new IOException($"{path} is {RegularFile.Described(path)}");
    }

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
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = mode == FileMode.Append ? 0 : 4096 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        var file = new FileStream(path, options);
        // Only what is surely new changes hands: an existing name may be a link to something else.
        if (mode == FileMode.CreateNew && OperatingSystem.IsLinux())
            FileOwner.Inherit(path, file.SafeFileHandle);
        return file;
    }
}
