using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Runback.Runbook.Runs;

/// <summary>
/// Whose a file is. Run with sudo, this program would leave files of root's in somebody else's deployment, and that one's next run could not work
/// with them. Sources: statx(2), chown(2), fchown(2).
/// </summary>
[SupportedOSPlatform("linux")]
internal static class FileOwner
{
    private const int CurrentFolder = -100;
    private const int NotThroughLinks = 0x100;
    private const uint UserAndGroup = 0x8 | 0x10;

    // struct statx is the same on every architecture: stx_uid and stx_gid follow stx_mask, stx_blksize, stx_attributes and stx_nlink.
    private const int StatxBytes = 256;
    private const int UserOffset = 20;
    private const int GroupOffset = 24;

    /// <summary>Gives what root has made to the owner of the folder that it is in. For anybody but root, and in root's own folders, nothing happens.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="file">The open file, when it is one: it is changed whatever has become of its name.</param>
    public static void Inherit(string path, SafeFileHandle? file = null)
    {
        if (!Environment.IsPrivilegedProcess || Path.GetDirectoryName(Path.GetFullPath(path)) is not { } folder || Of(folder) is not { User: > 0 } owner)
            return;
        // What can't be given away stays root's, and works for root.
        _ = file is null ? ChangeLink(path, owner.User, owner.Group) : Change(file, owner.User, owner.Group);
    }

    /// <summary>The user that this program runs as.</summary>
    public static uint Mine => EffectiveUser();

    /// <summary>The user and group that a file belongs to, not following a link; null when that can't be read.</summary>
    public static (uint User, uint Group)? Of(string path)
    {
        var status = new byte[StatxBytes];
        return Status(CurrentFolder, path, NotThroughLinks, UserAndGroup, status) != 0 ? null
            : (Read(status, UserOffset), Read(status, GroupOffset));
    }

    private static uint Read(byte[] status, int offset) => BitConverter.IsLittleEndian
        ? BinaryPrimitives.ReadUInt32LittleEndian(status.AsSpan(offset)) : BinaryPrimitives.ReadUInt32BigEndian(status.AsSpan(offset));

    [DllImport("libc", EntryPoint = "statx", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Status(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [In, Out] byte[] status);

    [DllImport("libc", EntryPoint = "lchown", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ChangeLink([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint EffectiveUser();

    [DllImport("libc", EntryPoint = "fchown")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Change(SafeFileHandle file, uint user, uint group);
}
