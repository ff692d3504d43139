using System.Data;
using Npgsql;

namespace Runback.Runbook.Databases;

/// <summary>
/// One connection that stays open. It ends with this program, so what it held (a snapshot, an advisory lock) is given back.
/// </summary>
public sealed class PostgresSession : SqlClient, IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly string _application;
    private readonly NpgsqlConnection _connection;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _lost;

    private PostgresSession(PostgresServer server, string application, NpgsqlConnection connection) =>
        (_server, _application, _connection) = (server, application, connection);

    /// <summary>How long one statement may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the connection is gone; it isn't opened again.</summary>
    public bool Lost => _lost || _connection.FullState is not (ConnectionState.Open or (ConnectionState.Open | ConnectionState.Executing) or (ConnectionState.Open | ConnectionState.Fetching));

    internal static async Task<PostgresSession> OpenAsync(PostgresServer server, string application, CancellationToken cancellation) =>
        new(server, application, await PostgresConnection.OpenAsync(server.Address, application, cancellation));

    /// <inheritdoc/>
    protected override async Task<string?> RunAsync(IReadOnlyList<string> statements, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            string? answer = null;
            foreach (var statement in statements)
                answer = await AskAsync(statement, cancellation);
            return answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<string?> AskAsync(string statement, CancellationToken cancellation)
    {
        if (Lost)
            throw Gone(null);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Timeout);
        try
        {
            return await PostgresConnection.RunAsync(_connection, statement, deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // Whether the statement was carried out nobody knows: the session is of no further use.
            _lost = true;
            cancellation.ThrowIfCancellationRequested();
            throw new PostgresException(
                $"expected an answer from PostgreSQL in {_server.Address.Container} within {Timeout.TotalSeconds:0.#} s, found none",
                "look at the server's log and at pg_stat_activity");
        }
        catch (Npgsql.PostgresException exception) when (!Lost)
        {
            throw PostgresComplaint.Explain($"PostgreSQL in {_server.Address.Container} to carry out a statement", PostgresConnection.Said(exception), null, exception);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            throw Gone(exception);
        }
    }

    private PostgresException Gone(Exception? exception)
    {
        _lost = true;
        return PostgresComplaint.Explain(
            $"a session with PostgreSQL in {_server.Address.Container} as {_server.Address.User} on {_server.Address.Database}",
            exception is null ? "the connection was lost" : PostgresConnection.Said(exception), null, exception);
    }

    /// <summary>Ends the session; what it held is given back.</summary>
    public async ValueTask DisposeAsync()
    {
        // One that still carries out what nobody waits for isn't listening.
        if (_lost)
            await _server.EndSessionsAsync(_application);
        await _connection.DisposeAsync();
        _turn.Dispose();
    }
}
