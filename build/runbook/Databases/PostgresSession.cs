using System.Text;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Databases;

/// <summary>
/// One connection that stays open: a psql that reads statements from its standard input. It ends with its standard input, so a session
/// never outlives this program, and what it held (a snapshot, an advisory lock) is given back.
/// </summary>
public sealed class PostgresSession : SqlClient, IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);
    private readonly PostgresServer _server;
    private readonly string _application;
    private readonly RunningCommand _psql;
    private readonly Task<string> _error;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _lost;

    private PostgresSession(PostgresServer server, string application, RunningCommand psql) =>
        (_server, _application, _psql, _error) = (server, application, psql, psql.Error);

    /// <summary>How long one statement may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the connection is gone; it isn't opened again.</summary>
    public bool Lost => _lost || _psql.ExitCode is not null;

    internal static async Task<PostgresSession> OpenAsync(PostgresServer server, string application, CancellationToken cancellation)
    {
        var session = new PostgresSession(server, application, await Shell.StartAsync(server.Psql(application), cancellation));
        try
        {
            await session.ScalarAsync("SELECT 1", cancellation);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async Task<string> RunAsync(string statements, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await AskAsync(statements, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<string> AskAsync(string statements, CancellationToken cancellation)
    {
        if (_lost)
            throw await GoneAsync();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Timeout);
        var mark = $"runback-{Guid.NewGuid():N}";
        try
        {
            // psql's own variables tell how the last statement ended; standard error arrives in no order with standard output.
            await SendAsync($"{statements}\n\\echo {mark} :ERROR :SQLSTATE :LAST_ERROR_MESSAGE\n\\echo {mark}\n", deadline.Token);
            return await AnswerAsync(mark, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // The answer that may still come belongs to nobody: the session is of no further use.
            _lost = true;
            cancellation.ThrowIfCancellationRequested();
            throw new PostgresException(
                $"expected an answer from PostgreSQL in {_server.Address.Container} within {Timeout.TotalSeconds:0.#} s, found none",
                "look at the server's log and at pg_stat_activity");
        }
        catch (IOException)
        {
            throw await GoneAsync();
        }
    }

    private async Task SendAsync(string text, CancellationToken cancellation)
    {
        await _psql.Input.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
        await _psql.Input.BaseStream.FlushAsync(cancellation);
    }

    private async Task<string> AnswerAsync(string mark, CancellationToken cancellation)
    {
        var output = new StringBuilder();
        string? state = null;
        var message = new StringBuilder();
        while (true)
        {
            var line = await _psql.OutputText.ReadLineAsync(cancellation) ?? throw await GoneAsync();
            if (line == mark)
                break;
            if (state is not null)
                message.Append('\n').Append(line);
            else if (line.StartsWith(mark + " ", StringComparison.Ordinal))
            {
                var words = line.Split(' ', 4);
                state = words[1] == "true" ? words[2] : "";
                message.Append(words.Length > 3 ? words[3] : "");
            }
            else
                output.Append(line).Append('\n');
        }
        return string.IsNullOrEmpty(state)
            ? output.ToString()
            : throw PostgresComplaint.Explain(
                $"PostgreSQL in {_server.Address.Container} to carry out a statement", $"ERROR:  {state}: {message}", null);
    }

    private async Task<PostgresException> GoneAsync()
    {
        _lost = true;
        var said = await Task.WhenAny(_error, Task.Delay(Farewell)) == _error ? await _error : "";
        return PostgresComplaint.Explain(
            $"a session with PostgreSQL in {_server.Address.Container} as {_server.Address.User} on {_server.Address.Database}", said, _psql.ExitCode);
    }

    /// <summary>Ends the session; what it held is given back.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _psql.Input.BaseStream.Close();
        }
        catch (IOException)
        {
            // It is gone already.
        }
        // One that still carries out what nobody waits for isn't listening.
        using var patience = new CancellationTokenSource(_lost ? TimeSpan.Zero : Farewell);
        try
        {
            await _psql.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await _server.EndSessionsAsync(_application);
        }
        await _psql.DisposeAsync();
        _turn.Dispose();
    }
}
