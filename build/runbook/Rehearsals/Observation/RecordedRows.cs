using System.Text.Json;
using Runback.Runbook.Databases;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>
/// How rows were touched: PostgreSQL's statistics say how many, and comparing content says whether old columns still hold what they held.
/// Statistics count what was rolled back as well, and not what TRUNCATE removed; content corrects both.
/// </summary>
internal sealed class RecordedRows(PostgresSession session)
{
    private const string Schema = MigrationRecorder.Schema;

    /// <summary>What could not be told, as sentences.</summary>
    public List<string> Gaps { get; } = [];

    /// <summary>Notes each table's content as it is before, smallest first.</summary>
    public async Task NoteAsync(string versionTable, TimeSpan within, CancellationToken cancellation)
    {
        var tables = await session.QueryAsync(
            $"""
            SELECT r.oid::text AS oid, r.schema, r.name, ARRAY(SELECT a.name FROM {Schema}.attribute a WHERE a.relation = r.oid ORDER BY a.attnum) AS columns
            FROM {Schema}.relation r WHERE r.kind = 'r' AND r.name <> {SqlText.Literal(versionTable)} ORDER BY pg_relation_size(r.oid), r.oid
            """, cancellation);
        var budget = new TableContent.Budget(within);
        foreach (var table in tables)
        {
            var name = SqlText.Identifier(table.GetProperty("schema").GetString()!, table.GetProperty("name").GetString()!);
            if (await TableContent.ReadAsync(session, name, Columns(table), budget.Left, cancellation) is not { } content)
                break;
            await session.ExecuteAsync(
                $"UPDATE {Schema}.relation SET rows = {content.Rows}, checksum = {SqlText.Literal(content.Checksum)} WHERE oid = {table.GetProperty("oid").GetString()};", cancellation);
        }
    }

    /// <summary>The tables whose rows were touched.</summary>
    public async Task<ValueList<RowChange>> ReadAsync(string versionTable, TimeSpan within, CancellationToken cancellation)
    {
        await session.ExecuteAsync("SET statement_timeout = 0;", cancellation);
        var tables = await session.QueryAsync(
            $"""
            SELECT * FROM (
                SELECT r.schema, r.name, n.nspname AS schema_now, c.relname AS name_now, r.rows, r.checksum,
                       pg_stat_get_tuples_inserted(c.oid) - r.inserted AS inserted, pg_stat_get_tuples_updated(c.oid) - r.updated AS updated,
                       pg_stat_get_tuples_deleted(c.oid) - r.deleted AS deleted, c.relfilenode <> r.filenode AS moved,
                       EXISTS (SELECT FROM {Schema}.rewritten w WHERE w.oid = c.oid) AS rewritten,
                       (SELECT coalesce(json_agg(json_build_object('name', n.attname, 'same', n.atttypid = a.type AND n.atttypmod = a.typmod) ORDER BY a.attnum), '[]')
                        FROM {Schema}.attribute a LEFT JOIN pg_attribute n ON n.attrelid = a.relation AND n.attnum = a.attnum AND NOT n.attisdropped
                        WHERE a.relation = r.oid) AS columns
                FROM {Schema}.relation r JOIN pg_class c ON c.oid = r.oid JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE r.kind = 'r' AND r.name <> {SqlText.Literal(versionTable)}) t
            WHERE inserted <> 0 OR updated <> 0 OR deleted <> 0 OR moved OR current_setting('track_counts') = 'off' ORDER BY schema, name
            """, cancellation);
        var budget = new TableContent.Budget(within);
        var changes = new List<RowChange>();
        foreach (var table in tables)
            if (Judge(table, await ContentAsync(table, budget, cancellation)) is { } change)
                changes.Add(change);
        return changes.ToValueList();
    }

    // A column that is gone can't be compared; the rows are still counted.
    private async Task<TableContent?> ContentAsync(JsonElement table, TableContent.Budget budget, CancellationToken cancellation)
    {
        var columns = table.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("name").GetString()).OfType<string>();
        return table.GetProperty("rows").ValueKind == JsonValueKind.Null
            ? null
            : await TableContent.ReadAsync(
                session, SqlText.Identifier(table.GetProperty("schema_now").GetString()!, table.GetProperty("name_now").GetString()!), columns, budget.Left, cancellation);
    }

    private RowChange? Judge(JsonElement table, TableContent? after)
    {
        var name = CatalogName.Join([table.GetProperty("schema").GetString()!, table.GetProperty("name").GetString()!]);
        var (inserted, updated, deleted) = (Number(table, "inserted"), Number(table, "updated"), Number(table, "deleted"));
        var columns = table.GetProperty("columns").EnumerateArray().ToList();
        var all = columns.All(column => column.GetProperty("name").ValueKind == JsonValueKind.String);
        if (after is null)
        {
            if (table.GetProperty("moved").GetBoolean() && !table.GetProperty("rewritten").GetBoolean())
                Gaps.Add($"{CatalogName.Short(name)} got a new file (TRUNCATE, CLUSTER), and its rows were not compared");
            return inserted == 0 && updated == 0 && deleted == 0
                ? null
                : new RowChange(name, inserted, updated, deleted) { OldValues = updated == 0 ? OldValues.Same : OldValues.Unknown };
        }
        var rows = Number(table, "rows");
        var same = all && after.Rows == rows && after.Checksum == table.GetProperty("checksum").GetString();
        if (same)
            return updated == 0 ? null : new RowChange(name, 0, updated, 0) { OldValues = OldValues.Same };
        deleted += Math.Max(0, rows + inserted - deleted - after.Rows);
        var comparable = all && columns.All(column => column.GetProperty("same").GetBoolean());
        var changed = comparable && inserted == 0 && deleted == 0;
        // Without an update counted, a difference comes from rows that came or went, or from a rewrite that the schema shows.
        var values = updated == 0 && !(changed && after.Rows == rows) ? OldValues.Same : changed ? OldValues.Changed : OldValues.Unknown;
        return inserted == 0 && updated == 0 && deleted == 0 && values == OldValues.Same ? null : new RowChange(name, inserted, updated, deleted) { OldValues = values };
    }

    private static IEnumerable<string> Columns(JsonElement table) => table.GetProperty("columns").EnumerateArray().Select(column => column.GetString()!);

    private static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();
}
