namespace Runback.Runbook.Runs;

/// <summary>
/// Symbolic links that somebody else has put where this program keeps its own files: followed by root, they would lead to any file of the host. Those of this user's own, and
/// root's, are followed as always. The kernel's rule for shared folders (proc_sys_fs(5), protected_symlinks), here for the state folder and what is in it.
/// </summary>
internal static class ForeignLink
{
    private const string StateFolder = ".runback";

    /// <summary>Sees that neither a file nor a folder above it, up to the state folder, is such a link.</summary>
    /// <exception cref="IOException">One is.</exception>
    public static void ThrowIfFollowed(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        for (var at = Path.GetFullPath(path); at is not null; at = Path.GetDirectoryName(at))
        {
            if (new FileInfo(at).LinkTarget is not null && FileOwner.Of(at) is { User: not 0 } owner && owner.User != FileOwner.Mine)
                throw new IOException($"{at} is a link of another user's");
            if (Path.GetFileName(at) == StateFolder || !Path.GetFullPath(path).Contains($"/{StateFolder}/", StringComparison.Ordinal))
                break;
        }
    }
}
