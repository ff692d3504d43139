using System.Text.Json;

namespace Runback.Runbook.Databases;

/// <summary>What answers SQL: a server, with a connection for each call, or one session of it.</summary>
public abstract class SqlClient
{
    /// <summary>The rows of a <c>SELECT</c> (without a semicolon), each as a JSON object of its columns.</summary>
    /// <exception cref="PostgresException">The server can't be reached or refuses the statement.</exception>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string select, CancellationToken cancellation)
    {
        var rows = await RunAsync([$"SELECT coalesce(json_agg(row_to_json(q)), '[]'::json)::text FROM (\n{select}\n) AS q"], cancellation);
        return [.. JsonDocument.Parse(rows ?? "[]").RootElement.EnumerateArray()];
    }

    /// <summary>The only column of the first row as text; null when there is no row or the value is NULL.</summary>
    /// <exception cref="PostgresException">The server can't be reached or refuses the statement.</exception>
    public Task<string?> ScalarAsync(string select, CancellationToken cancellation) => RunAsync([$"SELECT v.value::text AS value FROM (\n{select}\n) AS v(value) LIMIT 1"], cancellation);

    /// <summary>Runs statements for their effect, one after the other, each in a transaction of its own unless one of them begins one. The first that fails is the last.</summary>
    /// <exception cref="PostgresException">The server can't be reached or refuses a statement.</exception>
    public Task ExecuteAsync(string statements, CancellationToken cancellation) => RunAsync(SqlScript.Statements(statements), cancellation);

    /// <summary>Sends statements, one after the other, and gives the first column of the last one's first row as text.</summary>
    protected abstract Task<string?> RunAsync(IReadOnlyList<string> statements, CancellationToken cancellation);
}
