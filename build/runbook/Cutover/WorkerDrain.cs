using System.Globalization;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Cutover;

/// <summary>
/// Stops the workers of the release that is left. A worker gets the grace that the compose file gives it, unless its only process is surely deaf to its stop
/// signal: the kernel drops a signal for which process 1 of a container has no handler (signal(7), pid_namespaces(7)), so that the whole grace would be waited
/// for nothing (trap 13).
/// </summary>
/// <param name="deployment">The deployment.</param>
/// <param name="engine">The engine it runs on.</param>
/// <param name="run">The run that does it.</param>
public sealed class WorkerDrain(Deployment deployment, EngineApi engine, Run run)
{
    private const string Usual = "SIGTERM";

    // signal(7), for x86 and ARM; what else a stop signal may be called is taken for one that is heeded.
    private static readonly Dictionary<string, int> Signals = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HUP"] = 1, ["INT"] = 2, ["QUIT"] = 3, ["USR1"] = 10, ["USR2"] = 12, ["ALRM"] = 14, ["TERM"] = 15, ["WINCH"] = 28,
    };

    private readonly Lock _lock = new();
    private Task? _draining;

    /// <summary>Stops them; a second call waits for the first.</summary>
    public Task StopAsync(string project, CancellationToken cancellation)
    {
        lock (_lock)
            return _draining ??= DrainAsync(project, cancellation);
    }

    /// <summary>Waits until no stopping is under way any more, however it ended.</summary>
    public async Task SettledAsync()
    {
        Task? draining;
        lock (_lock)
            draining = _draining;
        if (draining is not null)
            await draining.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>
    /// Whether a process has no handler for its stop signal, by its status (<c>/proc/1/status</c>, proc(5)), and doesn't wait for signals instead: neither blocks this
    /// one nor is in a call that waits, during which the kernel shows what is waited for as not blocked (sigwaitinfo(2)).
    /// </summary>
    /// <param name="status">The status, and after it the call that the process is in (<c>/proc/1/syscall</c>), where that may be read.</param>
    /// <param name="signal">The signal that the container is stopped with.</param>
    internal static bool IsDeaf(string status, string signal = Usual)
    {
        var name = signal.StartsWith("SIG", StringComparison.OrdinalIgnoreCase) ? signal[3..] : signal;
        if (!Signals.TryGetValue(name, out var number) && !(int.TryParse(name, CultureInfo.InvariantCulture, out number) && number is > 0 and < 64))
            return false;
        var lines = status.Split('\n');
        return Mask("SigCgt:") is { } caught && Mask("SigBlk:") is { } blocked && ((caught | blocked) & (1UL << (number - 1))) == 0 && !lines.Any(IsWaiting);

        ulong? Mask(string label) =>
            lines.FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal)) is { } line
            && ulong.TryParse(line[label.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var mask) ? mask : null;
    }

    /// <summary>Whether process 1 is alone in its container, by the names in <c>/proc</c>: with others it may be an init that hands signals on.</summary>
    internal static bool IsAlone(string entries) =>
        // The program that lists them is there too.
        entries.Split((char[])['\n', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Count(entry => entry.All(char.IsAsciiDigit)) is 1 or 2;

    // rt_sigtimedwait and rt_sigsuspend by their numbers on x86-64 and on ARM64 (syscalls(2)): "128 0x7ff…".
    private static bool IsWaiting(string line) => line.Contains(" 0x", StringComparison.Ordinal) && line.Split(' ')[0] is "128" or "130" or "137" or "133";

    private async Task DrainAsync(string project, CancellationToken cancellation)
    {
        var containers = await engine.ContainersAsync(cancellation, $"{Labels.Project}={project}", $"{Labels.OneOff}=False");
        await Task.WhenAll(deployment.Workers.Select(async worker =>
        {
            var running = containers.Where(container => container.IsRunning && container.Labels.GetValueOrDefault(Labels.Service) == worker).ToList();
            if (running.Count == 0)
                return;
            var deaf = (await Task.WhenAll(running.Select(container => IsDeafAsync(container, cancellation)))).All(deaf => deaf);
            if (deaf)
                run.Narration.Say($"  {worker} has no handler for {running[0].StopSignal ?? Usual}: it is ended without waiting for a grace that it can't use");
            await run.Shell.ChangeAsync(new Compose(deployment).Stop([worker], deaf ? TimeSpan.Zero : null), cancellation);
        }));
    }

    private async Task<bool> IsDeafAsync(Container container, CancellationToken cancellation)
    {
        // The second file can't be read everywhere; what was read of the first counts all the same.
        var status = await run.Shell.TryAsync(EngineWay.Exec(engine, container.Id, [], [], ["cat", "/proc/1/status", "/proc/1/syscall"]), cancellation);
        if (!IsDeaf(status.Output, container.StopSignal ?? Usual))
            return false;
        var entries = await run.Shell.TryAsync(EngineWay.Exec(engine, container.Id, [], [], ["ls", "/proc"]), cancellation);
        return entries.Succeeded && IsAlone(entries.Output);
    }
}
