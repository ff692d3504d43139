using Npgsql;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Databases;

/// <summary>Runs statements and programs on a server; each statement on a connection of its own.</summary>
/// <param name="address">Where the server is.</param>
/// <param name="shell">Runs the commands.</param>
public sealed class PostgresServer(PostgresServerAddress address, Shell shell) : SqlClient
{
    /// <summary>Where the server is.</summary>
    public PostgresServerAddress Address { get; } = address;

    /// <summary>How long one call may take, connecting included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Runs the commands.</summary>
    public Shell Shell { get; } = shell;

    /// <summary>The database server of a deployment.</summary>
    /// <exception cref="PostgresException">The service has no container, or it isn't running.</exception>
    public static async Task<PostgresServer> OfAsync(Deployment deployment, Shell shell, CancellationToken cancellation)
    {
        var project = await ProjectName.OfAsync(deployment, shell, cancellation);
        var containers = await EngineApi.Shared.ListAsync(
            cancellation, $"{Labels.Project}={project}", $"{Labels.Service}={deployment.DatabaseService}", $"{Labels.OneOff}=False");
        var container = containers.OrderByDescending(each => each.State == "running").ThenByDescending(each => each.CreatedAt).FirstOrDefault()
            ?? throw new PostgresException(
                $"expected a container of the service `{deployment.DatabaseService}`, found none",
                $"start it: {new Compose(deployment).Up([deployment.DatabaseService])}");
        if (container.State != "running")
        {
            throw new PostgresException(
                $"expected the database's container {container.Name} to run, found it {container.State}",
                container.State == "paused" ? $"see who paused it, then let it go on: docker unpause {container.Name}"
                    : $"look at its log (docker logs {container.Name}), then start it: docker start {container.Name}");
        }
        return new PostgresServer(
            new PostgresServerAddress(container.Name, deployment.DatabaseUser, deployment.Database) { Password = deployment.DatabasePassword }, shell);
    }

    /// <summary>The same server, another database.</summary>
    public PostgresServer On(string database) => new(Address with { Database = database }, Shell) { Timeout = Timeout };

    /// <summary>The same server with another limit for one call.</summary>
    public PostgresServer Within(TimeSpan timeout) => new(Address, Shell) { Timeout = timeout };

    /// <summary>Its container, as the engine sees it now.</summary>
    public Task<ContainerState> ContainerAsync(CancellationToken cancellation) => ContainerState.ReadAsync(Address.Container, cancellation);

    /// <summary>One of PostgreSQL's programs inside the container, connected to the database, never asking for a password.</summary>
    /// <param name="program">psql, pg_dump, pg_restore, …</param>
    /// <param name="application">The name under which its sessions show in pg_stat_activity.</param>
    /// <param name="arguments">What comes after the connection's own arguments.</param>
    public Command Program(string program, string application, params IEnumerable<string> arguments) =>
        Exec(["PGAPPNAME=" + application], program,
            ["--no-password", "--username=" + Address.User, "--dbname=" + ConnectionName(Address.Database), .. arguments]);

    /// <summary>Any program inside the container, with the connection's environment.</summary>
    public Command Exec(IEnumerable<string> environment, string program, IEnumerable<string> arguments)
    {
        IEnumerable<string> host = Address.SocketDirectory is { } folder ? ["PGHOST=" + folder] : [];
        KeyValuePair<string, string>[] secrets = string.IsNullOrEmpty(Address.Password) ? [] : [new("PGPASSWORD", Address.Password)];
        return EngineWay.Exec(EngineApi.Shared, Address.Container, [.. host, .. environment], secrets, [program, .. arguments]);
    }

    /// <summary>Opens a session that stays: transactions, snapshots, advisory locks.</summary>
    /// <param name="application">The name under which it shows in pg_stat_activity.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public Task<PostgresSession> OpenAsync(string application, CancellationToken cancellation) => PostgresSession.OpenAsync(this, application, cancellation);

    /// <summary>
    /// Ends the sessions of an application name. Ending <c>docker exec</c> doesn't end the program in the container, so whoever gives up
    /// on one ends its session here. It says nothing when the server can't be reached.
    /// </summary>
    public async Task EndSessionsAsync(string application)
    {
        try
        {
            await ExecuteAsync(
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = {SqlText.Literal(application)} AND pid <> pg_backend_pid();",
                CancellationToken.None);
        }
        catch (RunbookException)
        {
            // Then there is no session to end, or nobody who could.
        }
    }

    /// <inheritdoc/>
    protected override async Task<string?> RunAsync(IReadOnlyList<string> statements, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Timeout);
        try
        {
            await using var connection = await PostgresConnection.OpenAsync(Address, "runback", deadline.Token);
            // The server's own limit ends a statement whose client was given up.
            var answer = await PostgresConnection.RunAsync(connection, $"SET statement_timeout = {(long)Timeout.TotalMilliseconds}", deadline.Token);
            foreach (var statement in statements)
                answer = await PostgresConnection.RunAsync(connection, statement, deadline.Token);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PostgresException(
                $"expected an answer from PostgreSQL in {Address.Container} within {Timeout.TotalSeconds:0.#} s, found none",
                "look at the server's log and at pg_stat_activity");
        }
        catch (NpgsqlException exception)
        {
            throw PostgresComplaint.Explain(
                $"PostgreSQL in {Address.Container} to answer as {Address.User} on {Address.Database}", PostgresConnection.Said(exception), null, exception);
        }
    }

    // libpq reads a database name with "=" or a URI's beginning as a connection string (PostgreSQL manual, 32.1.1).
    internal static string ConnectionName(string database) =>
        database.Contains('=', StringComparison.Ordinal)
        || database.StartsWith("postgres://", StringComparison.Ordinal) || database.StartsWith("postgresql://", StringComparison.Ordinal)
            ? "dbname='" + database.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'"
            : database;
}
