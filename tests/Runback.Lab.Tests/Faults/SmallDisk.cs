namespace Runback.Lab.Tests.Faults;

/// <summary>A small disk of its own, mounted over a folder until it is disposed of. Wants to be root, as the lab's engine does.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;
    private bool _mounted = true;

    private SmallDisk(string folder) => _folder = folder;

    /// <summary>Mounts it.</summary>
    /// <param name="folder">The folder that it hides.</param>
    /// <param name="size">Its size, as mount says it.</param>
    public static async Task<SmallDisk> MountAsync(string folder, string size)
    {
        Directory.CreateDirectory(folder);
        await Trial.ShellAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Fills what is left of it.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Path.Combine(_folder, "filler"), FileMode.Create);
        try
        {
            for (var page = new byte[4096]; ;)
            {
                filler.Write(page);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Takes it away: what was there before is there again.</summary>
    public async Task UnmountAsync()
    {
        if (!_mounted)
            return;
        _mounted = false;
        await Trial.ShellAsync("umount", "--lazy", _folder);
    }

    public async ValueTask DisposeAsync() => await UnmountAsync();
}
