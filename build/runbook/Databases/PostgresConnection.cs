using System.Collections.Concurrent;
using Npgsql;
using Runback.Runbook.Engines;

namespace Runback.Runbook.Databases;

/// <summary>Connections of Npgsql to a server inside a container, and what their errors say.</summary>
internal static class PostgresConnection
{
    private const int ConnectSeconds = 15;

    // Whether a container's server is PostgreSQL itself, found out once.
    private static readonly ConcurrentDictionary<string, bool> Known = new(StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<string, NpgsqlDataSource> Sources = new(StringComparer.Ordinal);

    // What is sent is what was written: nothing in it is a parameter's name, and it was taken apart already.
    static PostgresConnection() => AppContext.SetSwitch("Npgsql.EnableSqlRewriting", false);

    /// <summary>Opens one.</summary>
    /// <param name="address">The server.</param>
    /// <param name="application">The name under which it shows in pg_stat_activity.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="PostgresException">The server can't be reached, or doesn't let the role in.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(PostgresServerAddress address, string application, CancellationToken cancellation)
    {
        var relay = await PostgresRelay.ToAsync(address, cancellation);
        var connection = Sources.GetOrAdd(new NpgsqlConnectionStringBuilder
        {
            Host = relay.Folder,
            Port = 5432,
            Username = address.User,
            Database = address.Database,
            Password = address.Password,
            ApplicationName = application,
            // A session that outlived its statement would be one that a swap has to end, and that others count.
            Pooling = false,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            Timeout = ConnectSeconds,
            CommandTimeout = 0,
            IncludeErrorDetail = true,
            Encoding = "UTF8",
        }.ConnectionString, Source).CreateConnection();
        var failures = relay.Failure.Count;
        try
        {
            await connection.OpenAsync(cancellation);
            await RequireServerAsync(connection, address, cancellation);
            return connection;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or System.Net.Sockets.SocketException)
        {
            await connection.DisposeAsync();
            cancellation.ThrowIfCancellationRequested();
            var said = relay.Failure.Count > failures && exception is not Npgsql.PostgresException ? $"could not connect to server: {relay.Failure.Said}" : Said(exception);
            throw PostgresComplaint.Explain($"PostgreSQL in {address.Container} to answer as {address.User} on {address.Database}", await NowAsync(address, said), null, exception);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one statement.</summary>
    /// <returns>The first column of its first row as text, or null.</returns>
    public static async Task<string?> RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection) { AllResultTypesAreUnknown = true };
        return await command.ExecuteScalarAsync(cancellation) as string;
    }

    // A pooler gives a key of its own in the place of the backend's process id (PostgreSQL manual, "Message Flow", BackendKeyData). Sessions, snapshots and locks would
    // not be one session's there, and it can't dump.
    private static async Task RequireServerAsync(NpgsqlConnection connection, PostgresServerAddress address, CancellationToken cancellation)
    {
        if (Known.ContainsKey(address.Container))
            return;
        if (await RunAsync(connection, "SELECT pg_backend_pid()", cancellation) != $"{connection.ProcessID}")
        {
            throw new PostgresException(
                $"expected PostgreSQL itself in {address.Container}, found a connection pooler in front of it",
                "name the service that the server runs in: --database-service");
        }
        Known[address.Container] = true;
    }

    /// <summary>What an error of Npgsql says, as psql would show it.</summary>
    public static string Said(Exception exception) => exception is Npgsql.PostgresException told
        ? $"{told.InvariantSeverity}:  {told.SqlState}: {told.MessageText}"
          + (told.Detail is { Length: > 0 } detail ? $"\nDETAIL:  {detail}" : "") + (told.Hint is { Length: > 0 } hint ? $"\nHINT:  {hint}" : "")
        : exception.InnerException is { } inner && exception is NpgsqlException ? $"{exception.Message}: {inner.Message}" : exception.Message;

    // Everything is read as text: the server's types needn't be asked for.
    private static NpgsqlDataSource Source(string connection)
    {
        var builder = new NpgsqlSlimDataSourceBuilder(connection);
        builder.ConfigureTypeLoading(loading => loading.EnableTypeLoading(false));
        return builder.Build();
    }

    // A container that went away in between says more than its connection does.
    private static async Task<string> NowAsync(PostgresServerAddress address, string said)
    {
        try
        {
            return await EngineApi.Shared.ContainerAsync(address.Container, CancellationToken.None) switch
            {
                null => $"No such container: {address.Container}",
                { IsRunning: false } stopped => $"the container {address.Container} is not running: {stopped.State}; {said}",
                _ => said,
            };
        }
        catch (Runs.RunbookException)
        {
            return said;
        }
    }
}
