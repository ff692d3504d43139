using System.Runtime.InteropServices;

namespace Runback.Runbook.Runs;

/// <summary>
/// Turns the first Ctrl-C, SIGTERM or SIGHUP into the cancellation of what runs, so that it ends in an orderly way. What has to happen
/// after an interruption runs with a fresh token, taken by <see cref="Renew"/>.
/// </summary>
public sealed class Interruption : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private CancellationTokenSource _source = new();

    /// <summary>Begins to listen.</summary>
    public Interruption()
    {
        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                ExitCode ??= context.Signal switch { PosixSignal.SIGINT => 130, PosixSignal.SIGHUP => 129, _ => 143 };
                _source.Cancel();
            }));
        }
    }

    /// <summary>Cancelled by the signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>128 and the number of the first signal, as a shell says it; null when there was none.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>A token for what must still happen: the next signal cancels that.</summary>
    public CancellationToken Renew()
    {
        if (_source.IsCancellationRequested)
            _source = new CancellationTokenSource();
        return _source.Token;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }
}
