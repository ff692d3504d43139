using Runback.Runbook.Databases;

namespace Runback.Runbook.Restores;

/// <summary>What of a table matters for telling its new rows.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Table">Its name.</param>
/// <param name="Columns">Its columns that can be written, in their order.</param>
/// <param name="Number">The only column of its primary key, when the database counts it up.</param>
/// <param name="Moment">The column that holds when a row was made.</param>
internal sealed record TableShape(string Schema, string Table, IReadOnlyList<string> Columns, string? Number, string? Moment)
{
    /// <summary>The table, quoted, without those that inherit from it.</summary>
    public string Only => "ONLY " + SqlText.Identifier(Schema, Table);

    /// <summary>The tables of a database that hold rows of the application. Alembic's version table isn't one: its rows say what schema is there.</summary>
    public static async Task<IReadOnlyList<TableShape>> ListAsync(SqlClient client, CancellationToken cancellation)
    {
        // A column that follows each change isn't the time when a row was made.
        var rows = await client.QueryAsync(
            $"""
            SELECT n.nspname AS schema, c.relname AS name,
                   ARRAY(SELECT a.attname::text FROM pg_attribute a
                         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum) AS columns,
                   (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
                    LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
                    WHERE i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1
                      AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
                      AND (a.attidentity <> '' OR pg_get_expr(f.adbin, f.adrelid) LIKE 'nextval(%')) AS number,
                   (SELECT a.attname FROM pg_attribute a LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype)
                      AND a.attname !~* 'updat|modif|chang'
                      AND (pg_get_expr(f.adbin, f.adrelid) ~* 'now\(\)|current_timestamp|localtimestamp|(transaction|statement|clock)_timestamp\(\)'
                           OR (a.attnotnull AND a.attname ~* '^(created|inserted)(_(at|on|time))?$'))
                    ORDER BY a.attname ~* 'creat|insert' DESC, a.attnum LIMIT 1) AS moment
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
              AND NOT {AlembicVersion.IsVersionTable}
            ORDER BY 1, 2
            """, cancellation);
        return [.. rows.Select(row => new TableShape(
            row.GetProperty("schema").GetString()!, row.GetProperty("name").GetString()!,
            [.. row.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!)],
            row.GetProperty("number").GetString(), row.GetProperty("moment").GetString()))];
    }

    /// <summary>Counts its rows, or those that a condition holds for.</summary>
    public async Task<long> CountAsync(SqlClient client, string? where, CancellationToken cancellation) =>
        long.Parse((await client.ScalarAsync($"SELECT count(*) FROM {Only}{(where is null ? "" : " WHERE " + where)}", cancellation))!);
}
