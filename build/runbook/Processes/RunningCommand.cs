using System.Diagnostics;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Processes;

/// <summary>A command that was started and whose streams are in the caller's hands. Disposing it ends it when it still runs.</summary>
public sealed class RunningCommand : IAsyncDisposable
{
    // Whatever the operator's locale says: the tools that are run write UTF-8.
    private static readonly System.Text.UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly IRunningProgram _program;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private StreamReader? _outputText;
    private Task<string>? _error;
    private RunbookException? _ended;

    internal RunningCommand(Command command, IRunningProgram program)
    {
        Command = command;
        _program = program;
        Input = new StreamWriter(program.Input, Utf8) { AutoFlush = true };
        if (!command.MayWait && (command.Way is not null || Path.GetFileName(command.File) == "docker"))
            EngineWatch.Add(this);
    }

    /// <summary>What was started.</summary>
    public Command Command { get; }

    /// <summary>Its process id on this host; null for one that an engine runs.</summary>
    public int? ProcessId => _program.ProcessId;

    /// <summary>Its standard input. A closed reader at the other end is not an error here: the exit code tells.</summary>
    public StreamWriter Input { get; }

    /// <summary>Its standard output as bytes.</summary>
    public Stream Output => _program.Output;

    /// <summary>Its standard output as text.</summary>
    public StreamReader OutputText => _outputText ??= new StreamReader(_program.Output, Utf8);

    /// <summary>Its standard error as bytes, for a caller that doesn't ask for <see cref="Error"/>.</summary>
    public Stream ErrorOutput => _program.Error;

    /// <summary>Its standard error, all of it, when it has ended.</summary>
    public Task<string> Error => _error ??= new StreamReader(_program.Error, Utf8).ReadToEndAsync();

    /// <summary>The exit code when it has ended and its output was read, else null.</summary>
    public int? ExitCode => _program.Exit.IsCompletedSuccessfully ? _program.Exit.Result : null;

    /// <summary>Reads all output, waits for the end, and gives how it ended. Cancelling ends the command.</summary>
    public async Task<CommandResult> EndAsync(CancellationToken cancellation)
    {
        var error = Error;
        await using var registration = cancellation.Register(Kill);
        var output = await OutputText.ReadToEndAsync(CancellationToken.None);
        var complaint = await error;
        var exitCode = await ExitAsync(cancellation);
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
        var exitCode = await _program.Exit;
        EngineWatch.Remove(this);
        cancellation.ThrowIfCancellationRequested();
        return _ended is null ? exitCode : throw _ended;
    }

    /// <summary>Ends the command for a reason that whoever waits for it is told.</summary>
    internal void End(RunbookException why)
    {
        _ended = why;
        Kill();
    }

    /// <summary>Ends the command and what it started.</summary>
    public void Kill() => _program.Kill();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        EngineWatch.Remove(this);
        await _program.DisposeAsync();
    }
}
