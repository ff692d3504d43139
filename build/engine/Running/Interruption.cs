using System.Runtime.InteropServices;

namespace Runback.Engine.Running;

/// <summary>
/// SIGINT, SIGTERM and SIGHUP while targets run: the first lets what runs come to its end and starts nothing new; the third ends the process.
/// Handlers that the build registers itself are called as well.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly Action<string> say;
    private int count;

    /// <param name="say">Prints a line for people.</param>
    public Interruption(Action<string> say)
    {
        this.say = say;
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            registrations.Add(PosixSignalRegistration.Create(signal, Receive));
    }

    /// <summary>128 + the number of the first signal; null when there was none.</summary>
    public int? ExitCode { get; private set; }

    /// <summary>What runs now, for the line that is printed.</summary>
    public Func<string> Running { get; set; } = () => "";

    /// <summary>Whether there was a signal. A target may be cancelled by a handler of its own that is called a moment before this one's.</summary>
    public bool HasComeOrIsComing() => SpinWait.SpinUntil(() => ExitCode is not null, TimeSpan.FromMilliseconds(250));

    public void Dispose() => registrations.ForEach(x => x.Dispose());

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        var (name, code) = context.Signal switch
        {
            PosixSignal.SIGINT => ("SIGINT", 130),
            PosixSignal.SIGHUP => ("SIGHUP", 129),
            _ => ("SIGTERM", 143),
        };
        switch (Interlocked.Increment(ref count))
        {
            case 1:
                ExitCode = code;
                say(Running() is { Length: > 0 } targets
                    ? $"{name}: no further target starts; waiting for {targets} to end, then the assured targets run"
                    : $"{name}: no further target starts");
                break;
            case 2:
                say($"{name} again: still waiting; once more ends the process at once, and the assured targets won't run");
                break;
            default:
                Environment.Exit(code);
                break;
        }
    }
}
