using System.Runtime.InteropServices;

namespace Runback.Engine.Output;

/// <summary>
/// Standard output or standard error, written straight to its file descriptor. On Unix the stream that <see cref="Console"/> gives locks <see cref="Console.Out"/>
/// while it writes; a target that writes to <see cref="Console.Out"/> holds that lock while it waits for the engine's. Each would wait for the other for ever.
/// </summary>
internal sealed class StandardStream : Stream
{
    // errno(3).
    public const int BrokenPipe = 32;
    private const int Interrupted = 4;
    private static readonly int WouldBlock = OperatingSystem.IsLinux() ? 11 : 35;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private readonly int descriptor;

    private StandardStream(int descriptor) => this.descriptor = descriptor;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static Stream Output() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new StandardStream(1);

    public static Stream Error() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new StandardStream(2);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Writes all of it, however long a reader takes.</summary>
    /// <exception cref="IOException">It can't be written: the reader is gone, the disk is full.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var written = write(descriptor, in MemoryMarshal.GetReference(buffer), buffer.Length);
            var error = written < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (error == WouldBlock)
                // Somebody who shares the terminal or the pipe has made it non-blocking.
                Thread.Sleep(Pause);
            else if (error is not (0 or Interrupted))
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
            buffer = buffer[(int)Math.Max(0, written)..];
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // write(2).
    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint write(int descriptor, in byte bytes, nint count);
}
