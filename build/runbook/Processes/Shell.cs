using Runback.Runbook.Runs;

namespace Runback.Runbook.Processes;

/// <summary>
/// Runs commands: the one edge through which this program starts others. Reading commands are run quietly; changing ones are printed
/// as the line a person could paste, written to the journal before and after, and in a dry run only printed.
/// </summary>
/// <param name="narration">Where changes are printed.</param>
/// <param name="journal">Where changes are written down.</param>
/// <param name="dryRun">Whether changes are only printed.</param>
public sealed class Shell(Narration narration, Journal journal, bool dryRun = false)
{
    /// <summary>A shell that changes nothing else than its commands do: no output, no journal.</summary>
    public static Shell Quiet { get; } = new(Narration.Silent, Journal.None);

    /// <summary>Where changes are printed.</summary>
    public Narration Narration { get; } = narration;

    /// <summary>Where changes are written down.</summary>
    public Journal Journal { get; } = journal;

    /// <summary>Whether changes are only printed.</summary>
    public bool DryRun { get; } = dryRun;

    /// <summary>Called before every change; what it throws keeps the change from being made. Null for nothing.</summary>
    public Func<Task>? Guard { get; set; }

    /// <summary>Runs a command that changes nothing and gives how it ended, whatever its exit code.</summary>
    /// <exception cref="RunbookException">The executable can't be started.</exception>
    public async Task<CommandResult> TryAsync(Command command, CancellationToken cancellation)
    {
        await using var process = await StartAsync(command, cancellation);
        await SendAsync(process, command.Input, cancellation);
        var result = await process.EndAsync(cancellation);
        Journal.Note("ran", ("command", command.ToString()), ("exitCode", result.ExitCode), ("seconds", Math.Round(result.Duration.TotalSeconds, 3)));
        return result;
    }

    /// <summary>Runs a command that changes nothing and must succeed; gives its standard output.</summary>
    /// <exception cref="CommandFailedException">It ended with another exit code than 0.</exception>
    public async Task<string> ReadAsync(Command command, CancellationToken cancellation)
    {
        var result = await TryAsync(command, cancellation);
        return result.Succeeded ? result.Output : throw new CommandFailedException(command, result);
    }

    /// <summary>
    /// Runs a command that changes something and must succeed. In a dry run it is only printed. A cancellation waits until the command has
    /// ended: a `docker compose up` that is killed halfway leaves containers that the next one stumbles over.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="cancellation">Keeps it from being begun.</param>
    /// <param name="limit">When it is ended all the same, for an engine that hangs; null for never.</param>
    /// <exception cref="CommandFailedException">It ended with another exit code than 0.</exception>
    /// <exception cref="RunbookException">It hadn't ended at its limit.</exception>
    public async Task ChangeAsync(Command command, CancellationToken cancellation, TimeSpan? limit = null)
    {
        cancellation.ThrowIfCancellationRequested();
        await ChangeAsync(command.ToString(), () => ReadWithinAsync(command, limit));
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task ReadWithinAsync(Command command, TimeSpan? limit)
    {
        using var deadline = new CancellationTokenSource();
        if (limit is { } time)
            deadline.CancelAfter(time);
        try
        {
            await ReadAsync(command, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new RunbookException(
                $"expected `{command}` to end within {limit!.Value.TotalSeconds:0} s, found it still running: it was ended",
                "the engine seems to hang: see `docker info` and the engine's log; what the command had begun may go on by itself");
        }
    }

    /// <summary>Runs a changing command that may be ended halfway without harm, such as a pull: a cancellation ends it at once.</summary>
    /// <exception cref="CommandFailedException">It ended with another exit code than 0.</exception>
    public async Task ChangeInterruptiblyAsync(Command command, CancellationToken cancellation) =>
        await ChangeAsync(command.ToString(), async () => await ReadAsync(command, cancellation));

    /// <summary>Makes a change that is not one command, printed as the line with which a person could make it. In a dry run it is only printed.</summary>
    public async Task ChangeAsync(string pasteable, Func<Task> change)
    {
        if (Guard is { } guard && !DryRun)
            await guard();
        Narration.Change(pasteable);
        if (DryRun)
            return;
        using var entry = Journal.Begin(pasteable);
        using var span = Tracing.Change(pasteable);
        try
        {
            await change();
            entry.Succeeded();
        }
        catch (Exception exception)
        {
            Tracing.Fail(span, exception);
            entry.Failed(exception.Message);
            throw;
        }
    }

    // A command that ends without reading its input tells why by its exit code and its complaint, not by the broken pipe.
    private static async Task SendAsync(RunningCommand process, string? input, CancellationToken cancellation)
    {
        try
        {
            if (input is not null)
                await process.Input.WriteAsync(input.AsMemory(), cancellation);
            process.Input.Close();
        }
        catch (IOException)
        {
        }
    }

    /// <summary>Starts a command whose streams the caller uses itself.</summary>
    /// <exception cref="RunbookException">The executable can't be started, or the container can't be reached.</exception>
    public static async Task<RunningCommand> StartAsync(Command command, CancellationToken cancellation = default) =>
        new(command, command.Way is { } way ? await way.StartAsync(command, cancellation) : ProcessProgram.Start(command));
}
