using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Runback.Engine.Sealing;

/// <summary>
/// The process's terminal, as getpass(3) uses it: the echo stays off from before the question until the line has ended, which
/// <see cref="Console.ReadKey(bool)"/> doesn't promise for what is typed or pasted between two keys.
/// </summary>
internal sealed class UnixTerminal : ITerminal
{
    private const string Device = "/dev/tty";
    private const int Flush = 2; // TCSAFLUSH: what was typed before the question is thrown away
    private const byte Echo = 8; // ECHO, in the lowest byte of c_lflag

    /// <summary>The terminal; null where the process has none, or its standard input is something else.</summary>
    public static ITerminal? Find()
    {
        if (OperatingSystem.IsWindows())
            return Console.IsInputRedirected ? null : new WindowsTerminal();
        if (Console.IsInputRedirected)
            return null;
        try
        {
            using var device = Open();
            return new UnixTerminal();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public byte[] Hidden(string question)
    {
        using var device = Open();
        var before = new byte[256];
        if (tcgetattr(device.SafeFileHandle, before) != 0)
            throw new UsageException($"The terminal can't be told to show nothing (tcgetattr, error {Marshal.GetLastPInvokeError()}).", "use standard input or the environment instead");
        var silent = (byte[])before.Clone();
        // struct termios begins with c_iflag, c_oflag, c_cflag, c_lflag: 32 bits each on Linux, 64 on macOS; both are little endian.
        silent[3 * (OperatingSystem.IsMacOS() ? 8 : 4)] &= unchecked((byte)~Echo);

        void Restore() => _ = tcsetattr(device.SafeFileHandle, Flush, before);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Restore());
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Restore());
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => Restore());
        if (tcsetattr(device.SafeFileHandle, Flush, silent) != 0)
            throw new UsageException($"The terminal can't be told to show nothing (tcsetattr, error {Marshal.GetLastPInvokeError()}).", "use standard input or the environment instead");
        try
        {
            device.Write(Encoding.UTF8.GetBytes(question));
            var line = ReadLine(device);
            device.Write("\n"u8);
            return line;
        }
        finally
        {
            Restore();
        }
    }

    /// <inheritdoc />
    public string Line(string question)
    {
        using var device = Open();
        device.Write(Encoding.UTF8.GetBytes(question));
        return Encoding.UTF8.GetString(ReadLine(device)).Trim();
    }

    private static FileStream Open() => new(Device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    private static byte[] ReadLine(FileStream device)
    {
        var buffer = new byte[64 * 1024];
        var length = 0;
        try
        {
            while (length < buffer.Length && device.Read(buffer, length, 1) == 1 && buffer[length] != (byte)'\n')
                length++;
            return buffer[..length];
        }
        finally
        {
            CryptographicOperations.ZeroMemory(buffer);
        }
    }

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tcgetattr(SafeFileHandle terminal, byte[] settings);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int tcsetattr(SafeFileHandle terminal, int when, byte[] settings);
}
