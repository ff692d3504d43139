using Runback.Runbook.Runs;

namespace Runback.Runbook.Backups;

/// <summary>A dump's file, for reading from one end to the other.</summary>
internal static class DumpFile
{
    /// <summary>Opens it.</summary>
    /// <exception cref="RunbookException">It is missing or can't be read.</exception>
    public static FileStream Open(string path)
    {
        if (Path.Exists(path) && !RegularFile.Is(path))
            throw RunbookException.Refused($"expected a dump at {path}, found {RegularFile.Described(path)}", "name a dump's file, or take a backup: ./build.sh Backup");
        try
        {
            // The reader brings buffers of its own.
            return new FileStream(path, new FileStreamOptions { BufferSize = 0, Options = FileOptions.SequentialScan });
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw RunbookException.Refused($"expected a dump at {path}, found none", "name an existing file, or take a backup: ./build.sh Backup");
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw RunbookException.Refused($"expected to be able to read {path}, found: {exception.Message}", "run as the dump's owner");
        }
    }
}
