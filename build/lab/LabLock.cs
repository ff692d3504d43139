using Runback.Runbook.Runs;

namespace Runback.Lab;

/// <summary>One operation at a time on a lab. The lock ends with the process that holds it.</summary>
internal sealed class LabLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly FileStream _file;

    private LabLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, waiting for another operation's end.</summary>
    public static async Task<LabLock> TakeAsync(LabOptions options, Narration narration, CancellationToken cancellation)
    {
        var path = PathOf(options);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var told = false;
        while (true)
        {
            try
            {
                return new LabLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(path))
            {
                if (!told)
                    narration.Say($"  another process works on the lab {options.Name}; waiting for it …");
                told = true;
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    /// <summary>Removes the lock's file, and its folder when nothing else is in it.</summary>
    public static void Remove(LabOptions options)
    {
        var path = PathOf(options);
        File.Delete(path);
        var folder = Path.GetDirectoryName(path)!;
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string PathOf(LabOptions options) => Path.GetFullPath(options.Directory).TrimEnd('/') + ".lock";
}
