using System.IO.Pipelines;
using System.Text;
using Docker.DotNet;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Engines;

/// <summary>A program whose streams the engine carries: one that runs in a container, or the log of one.</summary>
internal sealed class EngineProgram : IRunningProgram
{
    private const int Killed = 137;

    // What docker itself ends with when it can't do what it was asked for ("docker run", Exit status).
    private const int Failed = 125;

    private readonly MultiplexedStream? _stream;
    private readonly Pipe _output = new(new PipeOptions(pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024));
    private readonly Pipe _error = new();
    private volatile bool _killed;

    private EngineProgram(MultiplexedStream? stream, Func<Task<int>> exit, string? complaint)
    {
        _stream = stream;
        Input = stream is null ? Stream.Null : new Sending(stream);
        (Output, Error) = (_output.Reader.AsStream(), _error.Reader.AsStream());
        Exit = EndAsync(exit, complaint);
    }

    public int? ProcessId => null;

    public Stream Input { get; }

    public Stream Output { get; }

    public Stream Error { get; }

    public Task<int> Exit { get; }

    /// <summary>Takes over what the engine sends.</summary>
    /// <param name="stream">Its stream.</param>
    /// <param name="exit">Asks for the exit code when the stream has ended.</param>
    public static EngineProgram Of(MultiplexedStream stream, Func<Task<int>> exit) => new(stream, exit, null);

    /// <summary>One that the engine refused to start: it says so as <c>docker</c> would, and has ended.</summary>
    public static EngineProgram Refused(string complaint) => new(null, () => Task.FromResult(Failed), complaint);

    /// <summary>Lets go of it. A program in a container goes on until it reads or writes the next time.</summary>
    public void Kill()
    {
        _killed = true;
        _stream?.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _output.Reader.CompleteAsync();
        await _error.Reader.CompleteAsync();
        await Exit;
    }

    private async Task<int> EndAsync(Func<Task<int>> exit, string? complaint)
    {
        try
        {
            if (_stream is not null)
                await TakeAsync(_stream).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            complaint = _killed ? null : $"the connection to the engine was lost: {exception.Message}";
            exit = () => Task.FromResult(_killed ? Killed : Failed);
        }
        if (complaint is not null)
            await _error.Writer.WriteAsync(Encoding.UTF8.GetBytes(complaint + "\n"));
        await _output.Writer.CompleteAsync();
        await _error.Writer.CompleteAsync();
        return _killed ? Killed : await exit().ConfigureAwait(false);
    }

    private async Task TakeAsync(MultiplexedStream stream)
    {
        var piece = new byte[64 * 1024];
        while (await stream.ReadOutputAsync(piece, 0, piece.Length, CancellationToken.None).ConfigureAwait(false) is { EOF: false } read)
        {
            var to = read.Target == MultiplexedStream.TargetStream.StandardError ? _error.Writer : _output.Writer;
            await to.WriteAsync(piece.AsMemory(0, read.Count)).ConfigureAwait(false);
        }
    }

    private sealed class Sending(MultiplexedStream stream) : Stream
    {
        private bool _closed;

        public override bool CanRead => false;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

        public override async Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            try
            {
                await stream.WriteAsync(buffer, offset, count, cancellationToken);
            }
            catch (ObjectDisposedException exception)
            {
                throw new IOException("the other side is gone", exception);
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var bytes = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(buffer, out var held) ? held : new ArraySegment<byte>(buffer.ToArray());
            return new(WriteAsync(bytes.Array!, bytes.Offset, bytes.Count, cancellationToken));
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_closed)
            {
                _closed = true;
                try
                {
                    stream.CloseWrite();
                }
                catch (Exception exception) when (exception is IOException or ObjectDisposedException or System.Net.Sockets.SocketException)
                {
                    // It is gone already.
                }
            }
            base.Dispose(disposing);
        }
    }
}
