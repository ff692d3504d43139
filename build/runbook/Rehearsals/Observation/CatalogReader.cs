using System.Text.Json;
using Runback.Runbook.Databases;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Reads a snapshot.</summary>
internal static class CatalogReader
{
    private const string Application = "runback-catalog";

    public static async Task<CatalogSnapshot> ReadAsync(SqlClient client, CancellationToken cancellation)
    {
        if (client is not PostgresServer server)
            return await ReadInSessionAsync(client, cancellation);
        await using var session = await server.OpenAsync(Application, cancellation);
        session.Timeout = server.Timeout;
        // Nothing here may wait long for a table that somebody changes, and a role's own short limits must not end it.
        await session.ExecuteAsync("SET lock_timeout = '10s'; SET statement_timeout = 0; SET default_transaction_read_only = on;", cancellation);
        return await ReadInSessionAsync(session, cancellation);
    }

    private static async Task<CatalogSnapshot> ReadInSessionAsync(SqlClient session, CancellationToken cancellation)
    {
        var path = await session.ScalarAsync("SELECT current_setting('search_path')", cancellation);
        await session.ExecuteAsync("SET search_path = pg_catalog; SET quote_all_identifiers = off;", cancellation);
        var rows = await session.QueryAsync(CatalogQuery.All, cancellation);
        await session.ScalarAsync($"SELECT set_config('search_path', {SqlText.Literal(path)}, false)", cancellation);
        return new CatalogSnapshot(rows.Select(Object));
    }

    private static CatalogObject Object(JsonElement row)
    {
        var path = Texts(row.GetProperty("path"));
        var attributes = row.GetProperty("attributes").EnumerateObject().Where(one => one.Value.ValueKind != JsonValueKind.Null)
            .Select(one => new CatalogAttribute(one.Name, Text(one.Value))).OrderBy(one => one.Name, StringComparer.Ordinal).ToValueList();
        return new CatalogObject(
            Enum.Parse<CatalogKind>(row.GetProperty("kind").GetString()!),
            CatalogName.Join(path) + row.GetProperty("suffix").GetString(),
            row.GetProperty("owner") is { ValueKind: JsonValueKind.Array } owner ? CatalogName.Join(Texts(owner)) + row.GetProperty("owner_suffix").GetString() : null,
            row.GetProperty("definition").GetString() ?? string.Join(", ", attributes.Select(one => $"{one.Name} {one.Value}")))
        {
            Path = path,
            Attributes = attributes,
        };
    }

    private static ValueList<string> Texts(JsonElement array) => array.EnumerateArray().Select(one => one.GetString()!).ToValueList();

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
