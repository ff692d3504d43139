using System.Text.Json;

namespace Runback.Runbook.Databases;

/// <summary>What answers SQL: a server, with a connection for each call, or one session of it.</summary>
public abstract class SqlClient
{
    /// <summary>The rows of a <c>SELECT</c> (without a semicolon), each as a JSON object of its columns.</summary>
    /// <exception cref="PostgresException">The server can't be reached or refuses the statement.</exception>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string select, CancellationToken cancellation)
    {
        var output = await RunAsync($"SELECT coalesce(json_agg(row_to_json(q)), '[]'::json) FROM (\n{select}\n) AS q;", cancellation);
        try
        {
            return [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new PostgresException($"expected rows as JSON from psql, found `{Start(output)}`", "look at what the container's psql prints", inner: exception);
        }
    }

    /// <summary>The only column of the first row as text; null when there is no row or the value is NULL.</summary>
    /// <exception cref="PostgresException">The server can't be reached or refuses the statement.</exception>
    public async Task<string?> ScalarAsync(string select, CancellationToken cancellation)
    {
        var rows = await QueryAsync($"SELECT v.value::text AS value FROM (\n{select}\n) AS v(value) LIMIT 1", cancellation);
        return rows.Count == 0 ? null : rows[0].GetProperty("value").GetString();
    }

    /// <summary>Runs statements for their effect; each ends with a semicolon.</summary>
    /// <exception cref="PostgresException">The server can't be reached or refuses a statement.</exception>
    public async Task ExecuteAsync(string statements, CancellationToken cancellation) => await RunAsync(statements, cancellation);

    /// <summary>Sends statements and gives psql's unaligned output of them.</summary>
    protected abstract Task<string> RunAsync(string statements, CancellationToken cancellation);

    private static string Start(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
