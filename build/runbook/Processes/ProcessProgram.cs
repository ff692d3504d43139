using System.ComponentModel;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using CliWrap;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Processes;

/// <summary>A process of this host, in a session of its own.</summary>
internal sealed class ProcessProgram : IRunningProgram
{
    private const int Sigint = 2;
    private const int Sigkill = 9;
    private const int Killed = 128 + Sigkill;

    // A terminal's Ctrl-C reaches every process of the foreground group; a session of its own keeps a half-done `docker compose up` out of its way.
    private static readonly string? Setsid = OperatingSystem.IsLinux() && File.Exists("/usr/bin/setsid") ? "/usr/bin/setsid" : null;

    // How long a program may take to end by itself after SIGINT.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly Pipe _input = new();
    private readonly Pipe _output = new();
    private readonly Pipe _error = new();
    private readonly CancellationTokenSource _graceful = new();
    private readonly CancellationTokenSource _forceful = new();
    private readonly int _id;
    private readonly Lock _lock = new();
    private Task? _killing;

    private ProcessProgram(Processes.Command command)
    {
        (Input, Output, Error) = (_input.Writer.AsStream(), _output.Reader.AsStream(), _error.Reader.AsStream());
        var environment = command.Unset.ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);
        foreach (var (name, value) in command.Environment.Concat(command.SecretEnvironment))
            environment[name] = value;
        var running = Cli.Wrap(Setsid ?? command.File)
            .WithArguments(Setsid is null ? command.Arguments : [command.File, .. command.Arguments])
            .WithWorkingDirectory(command.WorkingDirectory ?? "")
            .WithEnvironmentVariables(environment)
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.Create(SendAsync))
            .WithStandardOutputPipe(PipeTarget.Create((from, cancellation) => TakeAsync(from, _output.Writer, cancellation)))
            .WithStandardErrorPipe(PipeTarget.Create((from, cancellation) => TakeAsync(from, _error.Writer, cancellation)))
            .ExecuteAsync(_forceful.Token, _graceful.Token);
        _id = running.ProcessId;
        Exit = EndAsync(running);
    }

    public int? ProcessId => _id;

    public Stream Input { get; }

    public Stream Output { get; }

    public Stream Error { get; }

    public Task<int> Exit { get; }

    /// <summary>Starts one.</summary>
    /// <exception cref="RunbookException">The executable can't be started.</exception>
    public static ProcessProgram Start(Processes.Command command)
    {
        try
        {
            return new ProcessProgram(ComposePlugin.Direct(command));
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            throw new RunbookException(
                $"expected to be able to run `{command.File}`, found: {exception.Message}",
                $"install {command.File}, or put it on PATH", inner: exception);
        }
    }

    /// <summary>SIGINT to it and to what it started; SIGKILL to what of it is left when it has ended, or after three seconds.</summary>
    public void Kill()
    {
        lock (_lock)
        {
            if (!Exit.IsCompleted)
                _killing ??= Task.Run(KillAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _output.Reader.CompleteAsync();
        await _error.Reader.CompleteAsync();
        await Exit;
        if (_killing is { } killing)
            await killing;
        await _input.Writer.CompleteAsync();
        _graceful.Dispose();
        _forceful.Dispose();
    }

    private async Task KillAsync()
    {
        if (Setsid is null || Signal(-_id, Sigint) != 0)
            await _graceful.CancelAsync();
        for (var waited = TimeSpan.Zero; waited < Grace && Signal(_id, 0) == 0; waited += Glance)
            await Task.Delay(Glance);
        // What it started may have ignored the first signal, and keeps its output open. A group that is gone is no error.
        for (var waited = TimeSpan.Zero; Setsid is not null && waited < Grace && Signal(-_id, Sigkill) == 0; waited += Glance)
            await Task.Delay(Glance);
        await _forceful.CancelAsync();
    }

    private async Task<int> EndAsync(CommandTask<CliWrap.CommandResult> running)
    {
        int exitCode;
        try
        {
            exitCode = (await running.Task.ConfigureAwait(false)).ExitCode;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            exitCode = Killed;
        }
        // Where its end was asked for, it has ended with all that it started.
        Task? killing;
        lock (_lock)
            killing = _killing;
        if (killing is not null)
            await killing.ConfigureAwait(false);
        await _input.Reader.CompleteAsync();
        await _output.Writer.CompleteAsync();
        await _error.Writer.CompleteAsync();
        return exitCode;
    }

    private Task SendAsync(Stream to, CancellationToken cancellation) => _input.Reader.CopyToAsync(to, cancellation);

    private static async Task TakeAsync(Stream from, PipeWriter to, CancellationToken cancellation)
    {
        await from.CopyToAsync(to, cancellation);
        await to.CompleteAsync();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
