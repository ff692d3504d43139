using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Runback.Runbook.Runs;

/// <summary>
/// Whether a name stands for a file with bytes in it. To open a FIFO waits until somebody writes, and a device never ends: neither is opened to find that out.
/// Source: statx(2).
/// </summary>
internal static class RegularFile
{
    private const int CurrentFolder = -100;
    private const uint Type = 0x1;

    // struct statx is the same on every architecture.
    private const int StatxBytes = 256;
    private const int ModeOffset = 28;
    private const int TypeBits = 0xf000;
    private const int Regular = 0x8000;

    /// <summary>Whether it is there and holds bytes; a link is followed.</summary>
    public static bool Is(string path) => OperatingSystem.IsLinux() ? Kind(path) == Regular : File.Exists(path);

    /// <summary>What it is, for people.</summary>
    public static string Described(string path) => !OperatingSystem.IsLinux() ? Directory.Exists(path) ? "a folder" : File.Exists(path) ? "a file" : "nothing" : Kind(path) switch
    {
        Regular => "a file",
        0x4000 => "a folder",
        0x1000 => "a named pipe",
        0x2000 or 0x6000 => "a device",
        0xc000 => "a socket",
        null => "nothing",
        _ => "no file",
    };

    private static int? Kind(string path)
    {
        var status = new byte[StatxBytes];
        if (Status(CurrentFolder, path, 0, Type, status) != 0)
            return null;
        var mode = status.AsSpan(ModeOffset);
        return (BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(mode) : BinaryPrimitives.ReadUInt16BigEndian(mode)) & TypeBits;
    }

    [DllImport("libc", EntryPoint = "statx", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Status(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [In, Out] byte[] status);
}
