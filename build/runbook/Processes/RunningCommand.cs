using System.ComponentModel;
using System.Diagnostics;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Processes;

/// <summary>A command that was started and whose streams are in the caller's hands. Disposing it ends it when it still runs.</summary>
public sealed class RunningCommand : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private Task<string>? _error;
    private RunbookException? _ended;

    private RunningCommand(Command command, Process process)
    {
        Command = command;
        _process = process;
    }

    /// <summary>What was started.</summary>
    public Command Command { get; }

    /// <summary>Its process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Its standard input. A closed reader at the other end is not an error here: the exit code tells.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Its standard output as bytes.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Its standard output as text.</summary>
    public StreamReader OutputText => _process.StandardOutput;

    /// <summary>Its standard error as bytes, for a caller that doesn't ask for <see cref="Error"/>.</summary>
    public Stream ErrorOutput => _process.StandardError.BaseStream;

    /// <summary>Its standard error, all of it, when it has ended.</summary>
    public Task<string> Error => _error ??= _process.StandardError.ReadToEndAsync();

    /// <summary>The exit code when it has ended, else null.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    internal static RunningCommand Start(Command command, ProcessStartInfo start)
    {
        try
        {
            var process = Process.Start(start) ?? throw new InvalidOperationException("no process was started");
            var running = new RunningCommand(command, process);
            if (!command.MayWait && Path.GetFileName(command.File) == "docker")
                EngineWatch.Add(running);
            return running;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            throw new RunbookException(
                $"expected to be able to run `{command.File}`, found: {exception.Message}",
                $"install {command.File}, or put it on PATH", inner: exception);
        }
    }

    /// <summary>Reads all output, waits for the end, and gives how it ended. Cancelling ends the command.</summary>
    public async Task<CommandResult> EndAsync(CancellationToken cancellation)
    {
        var error = Error;
        await using var registration = cancellation.Register(Kill);
        var output = await OutputText.ReadToEndAsync(CancellationToken.None);
        var exitCode = await ExitAsync(cancellation);
        var complaint = await error;
        // setsid reports a missing executable with 127 (and one that can't be run with 126), as a shell would.
        if (exitCode is 126 or 127 && complaint.StartsWith("setsid:", StringComparison.Ordinal))
        {
            throw new RunbookException(
                $"expected to be able to run `{Command.File}`, found: {complaint.Trim()}",
                $"install {Command.File}, or put it on PATH");
        }
        return new CommandResult(exitCode, output, complaint, _watch.Elapsed);
    }

    /// <summary>Waits for the end; the output must have been read or be small.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellation)
    {
        await using var registration = cancellation.Register(Kill);
        return await ExitAsync(cancellation);
    }

    private async Task<int> ExitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        EngineWatch.Remove(this);
        cancellation.ThrowIfCancellationRequested();
        return _ended is null ? _process.ExitCode : throw _ended;
    }

    /// <summary>Ends the command for a reason that whoever waits for it is told.</summary>
    internal void End(RunbookException why)
    {
        _ended = why;
        Kill();
    }

    /// <summary>Ends the command and what it started.</summary>
    public void Kill()
    {
        try
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It ended by itself in between.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        EngineWatch.Remove(this);
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
