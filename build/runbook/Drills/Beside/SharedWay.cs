namespace Runback.Runbook.Drills.Beside;

/// <summary>
/// Opens connections one at a time. Each costs a program on the engine's host: while nobody listens, whoever waits for an attempt that fails has failed with
/// it, so that a drill's own requests don't take the processor from the rollback that they measure.
/// </summary>
/// <param name="connect">Opens a connection.</param>
internal sealed class SharedWay(Func<CancellationToken, ValueTask<Stream>> connect) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private int _failures;

    /// <summary>Opens a connection.</summary>
    /// <exception cref="IOException">Nobody listens.</exception>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellation)
    {
        var failures = Volatile.Read(ref _failures);
        await _one.WaitAsync(cancellation);
        try
        {
            if (failures != _failures)
                throw new IOException("nobody listened a moment ago");
            return await connect(cancellation);
        }
        catch (IOException)
        {
            if (failures == _failures)
                Interlocked.Increment(ref _failures);
            throw;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();
}
