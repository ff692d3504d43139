using Runback.Runbook.Databases;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>
/// A dump's copy inside the database's container, for a pg_restore that reads it from several connections and so needs a file that it can seek
/// in. Its owner's only, and gone with this object.
/// </summary>
/// <param name="server">The server whose container it is.</param>
/// <param name="run">The run that it belongs to.</param>
/// <param name="folder">The folder in the container.</param>
internal sealed class ContainerFile(PostgresServer server, Run run, string folder) : IAsyncDisposable
{
    /// <summary>The beginning of every such file's name; the run's id follows.</summary>
    public const string Prefix = "runback-restore-";

    // Constant; $1 is the path. Without clobbering, a file or link that is there already is an error and isn't followed. The shell becomes the program: a
    // child of one that is ended would be the server's own.
    private const string Script = "set -C && umask 077 && exec cat > \"$1\"";
    private bool _made;

    /// <summary>Its path in the container.</summary>
    public string Path { get; } = $"{folder}/{Prefix}{run.Id}.dump";

    /// <summary>Fills it.</summary>
    /// <param name="send">Writes the content into the stream that it is given.</param>
    /// <param name="source">The file on this side, for people.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<T> FillAsync<T>(Func<Stream, Task<T>> send, string source, CancellationToken cancellation)
    {
        var command = server.Exec([], "sh", ["-c", Script, "sh", Path]);
        T result = default!;
        await run.Shell.ChangeAsync($"{command} < {Command.Quote(source)}", async () =>
        {
            _made = true;
            result = await FillAsync(command, send, cancellation);
        });
        return result;
    }

    private async Task<T> FillAsync<T>(Command command, Func<Stream, Task<T>> send, CancellationToken cancellation)
    {
        await using var writer = await Shell.StartAsync(command, cancellation);
        var error = writer.Error;
        await using var registration = cancellation.Register(writer.Kill);
        T result;
        try
        {
            result = await send(writer.Input.BaseStream);
            writer.Input.BaseStream.Close();
        }
        catch (IOException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw PostgresComplaint.Explain($"to copy the dump to {Path} in {server.Address.Container}", await error, null);
        }
        var exitCode = await writer.WaitAsync(cancellation);
        return exitCode == 0 ? result : throw PostgresComplaint.Explain($"to copy the dump to {Path} in {server.Address.Container}", await error, exitCode);
    }

    /// <summary>Removes it.</summary>
    public async ValueTask DisposeAsync()
    {
        var command = Remove(server, Path);
        if (run.DryRun)
            run.Narration.Change(command.ToString());
        if (!_made)
            return;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await run.Shell.ChangeAsync(command.ToString(), async () => await run.Shell.ReadAsync(command, patience.Token));
        }
        catch (Exception exception) when (exception is RunbookException or OperationCanceledException)
        {
            run.Narration.Warn($"the dump's copy {Path} in {server.Address.Container} couldn't be removed: {exception.Message}", $"remove it: {command}");
        }
    }

    /// <summary>The command that removes one.</summary>
    public static Command Remove(PostgresServer server, string path) => EngineWay.Exec(EngineApi.Shared, server.Address.Container, [], [], ["rm", "-f", path]);
}
