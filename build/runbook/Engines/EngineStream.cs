using Docker.DotNet.Handler.Abstractions;

namespace Runback.Runbook.Engines;

/// <summary>A two-way stream to the engine whose sending half can be closed by itself, which ends the other side's input and nothing else.</summary>
/// <param name="receive">What is read.</param>
/// <param name="send">What is written to; the same as the first where one stream does both.</param>
/// <param name="closeWrite">Closes the sending half.</param>
/// <param name="close">Closes all of it.</param>
/// <param name="ended">Called when nothing more is to be read; may throw why.</param>
internal sealed class EngineStream(Stream receive, Stream send, Action closeWrite, Func<ValueTask> close, Func<ValueTask>? ended = null) : WriteClosableStream
{
    private bool _closed;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override bool CanCloseWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void CloseWrite() => closeWrite();

    public override void Flush() => send.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => send.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => receive.Read(buffer, offset, count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await receive.ReadAsync(buffer, cancellationToken);
        if (count == 0 && !buffer.IsEmpty && ended is not null)
            await ended();
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        send.Write(buffer, offset, count);
        send.Flush();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await send.WriteAsync(buffer, cancellationToken);
        await send.FlushAsync(cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            CloseAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }

    private ValueTask CloseAsync()
    {
        if (_closed)
            return default;
        _closed = true;
        return close();
    }
}
