namespace Runback.Runbook.Databases;

/// <summary>How many rows a table holds.</summary>
/// <param name="Schema">The table's schema.</param>
/// <param name="Table">Its name.</param>
/// <param name="Rows">The exact number, or null when it couldn't be counted.</param>
public sealed record TableRows(string Schema, string Table, long? Rows)
{
    /// <summary>The table's name for people.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Name => SqlText.Readable(Schema, Table);

    /// <summary>
    /// The tables that hold rows of the application, uncounted: ordinary tables and partitions. Partitioned tables (their rows are their
    /// partitions'), views, foreign tables, temporary tables and what belongs to an extension are left out.
    /// </summary>
    public static async Task<IReadOnlyList<TableRows>> ListAsync(SqlClient client, CancellationToken cancellation)
    {
        var rows = await client.QueryAsync(
            """
            SELECT n.nspname AS schema, c.relname AS name
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                              WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
            ORDER BY 1, 2
            """, cancellation);
        return [.. rows.Select(row => new TableRows(row.GetProperty("schema").GetString()!, row.GetProperty("name").GetString()!, null))];
    }

    /// <summary>The table counted: its own rows, not those of tables that inherit from it.</summary>
    public async Task<TableRows> CountAsync(SqlClient client, CancellationToken cancellation) =>
        this with { Rows = long.Parse((await client.ScalarAsync($"SELECT count(*) FROM ONLY {SqlText.Identifier(Schema, Table)}", cancellation))!) };
}
