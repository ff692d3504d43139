using Runback.Runbook.Processes;

namespace Runback.Runbook.Deployments;

/// <summary>A running command's standard input and output as one two-way stream.</summary>
internal sealed class CommandStream(RunningCommand command) : Stream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => command.Input.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => command.Input.BaseStream.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => command.Output.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        command.Output.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count)
    {
        command.Input.BaseStream.Write(buffer, offset, count);
        command.Input.BaseStream.Flush();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await command.Input.BaseStream.WriteAsync(buffer, cancellationToken);
        await command.Input.BaseStream.FlushAsync(cancellationToken);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            command.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }
}
