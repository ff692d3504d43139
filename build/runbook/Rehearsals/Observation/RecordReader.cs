using System.Text.Json;
using Runback.Runbook.Databases;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Reads what the recorder wrote.</summary>
internal sealed class RecordReader(PostgresSession session)
{
    private const string Schema = MigrationRecorder.Schema;

    // From weak to strong (PostgreSQL manual, 13.3.1).
    private static readonly string[] Modes =
    [
        "AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock",
    ];

    public async Task<ObservedMigration> ReadAsync(string versionTable, TimeSpan within, CancellationToken cancellation)
    {
        var commands = await session.QueryAsync($"SELECT tag, type, identity FROM {Schema}.command ORDER BY id", cancellation);
        var rewritten = await session.QueryAsync($"SELECT r.schema, r.name FROM {Schema}.rewritten w JOIN {Schema}.relation r ON r.oid = w.oid ORDER BY 1, 2", cancellation);
        var held = await session.QueryAsync(
            $"SELECT r.schema, r.name, h.mode FROM {Schema}.held h JOIN {Schema}.relation r ON r.oid = h.oid WHERE r.name <> {SqlText.Literal(versionTable)} ORDER BY 1, 2", cancellation);
        // A column's name here is that of its table before, so that a renamed table isn't a rename of each column.
        var renamed = await session.QueryAsync(
            $"""
            SELECT ARRAY[r.schema, r.name] AS before, ARRAY[n.nspname, c.relname] AS after
            FROM {Schema}.relation r JOIN pg_class c ON c.oid = r.oid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE (n.nspname, c.relname) <> (r.schema, r.name)
            UNION ALL
            SELECT ARRAY[r.schema, r.name, a.name], ARRAY[r.schema, r.name, t.attname]
            FROM {Schema}.relation r JOIN {Schema}.attribute a ON a.relation = r.oid JOIN pg_attribute t ON t.attrelid = r.oid AND t.attnum = a.attnum
            WHERE NOT t.attisdropped AND t.attname <> a.name
            ORDER BY 1
            """, cancellation);
        var gaps = await session.QueryAsync($"SELECT message FROM {Schema}.gap", cancellation);
        var steps = await StepsAsync(cancellation);
        var dropped = await DroppedAsync(cancellation);
        var rows = new RecordedRows(session);
        var touched = await rows.ReadAsync(versionTable, within, cancellation);
        return new ObservedMigration
        {
            Commands = commands.Select(row => new ObservedCommand(Text(row, "tag"), Text(row, "type"), Text(row, "identity"))).ToValueList(),
            Dropped = dropped,
            Renamed = renamed.Select(row => new RenamedObject(Name(row, "before"), Name(row, "after"))).ToValueList(),
            Rewritten = rewritten.Select(Table).ToValueList(),
            Rows = touched,
            Locks = held.GroupBy(Table).Select(group => new HeldLock(group.Key, group.Select(row => Text(row, "mode")).MaxBy(mode => Array.IndexOf(Modes, mode))!)).ToValueList(),
            Steps = steps,
            Gaps = [.. gaps.Select(row => Text(row, "message")), .. rows.Gaps],
        };
    }

    private async Task<ValueList<RevisionStep>> StepsAsync(CancellationToken cancellation)
    {
        var rows = await session.QueryAsync(
            $"""
            SELECT source, target, at, extract(epoch FROM at - coalesce(lag(at) OVER (PARTITION BY pid ORDER BY id), began, at))::float8 AS seconds
            FROM {Schema}.step ORDER BY id
            """, cancellation);
        return rows.Select(row => new RevisionStep(
            row.GetProperty("source").GetString(), row.GetProperty("target").GetString(), row.GetProperty("at").GetDateTimeOffset().ToUniversalTime(),
            row.GetProperty("seconds").GetDouble())).ToValueList();
    }

    // A table's or column's name is the one before, even when the migration renamed it on the way. Of a cascade, parts of what went
    // (indexes, triggers, types) are only counted; a table or what depended on it by itself is kept.
    private async Task<ValueList<DroppedObject>> DroppedAsync(CancellationToken cancellation)
    {
        var rows = await session.QueryAsync(
            $"""
            SELECT d.event, d.type, d.identity, coalesce(d.names, '{"{}"}') AS names, r.schema, r.name, a.name AS attribute,
                   d.original OR coalesce(r.kind IN ('r', 'p'), false)
                       OR d.normal AND d.type NOT IN ('policy', 'trigger', 'rule', 'index', 'default value', 'type') AS kept, d.original
            FROM {Schema}.dropped d LEFT JOIN {Schema}.relation r ON d.classid = 'pg_class'::regclass AND r.oid = d.objid
                 LEFT JOIN {Schema}.attribute a ON d.classid = 'pg_class'::regclass AND a.relation = d.objid AND a.attnum = d.objsubid
            WHERE CASE WHEN d.classid = 'pg_class'::regclass AND d.objsubid > 0 THEN a.attnum IS NOT NULL
                       ELSE EXISTS (SELECT FROM {Schema}.object o WHERE o.classid = d.classid AND o.objid = d.objid) END
            ORDER BY d.id
            """, cancellation);
        var dropped = new List<DroppedObject>();
        foreach (var command in rows.GroupBy(row => row.GetProperty("event").GetInt64()))
        {
            var along = command.Count(row => !row.GetProperty("kept").GetBoolean());
            foreach (var row in command.Where(row => row.GetProperty("kept").GetBoolean()).OrderByDescending(row => row.GetProperty("original").GetBoolean()))
            {
                dropped.Add(Dropped(row, along));
                along = 0;
            }
        }
        return dropped.ToValueList();
    }

    private static DroppedObject Dropped(JsonElement row, int along)
    {
        if (row.GetProperty("schema").ValueKind == JsonValueKind.Null)
            return new DroppedObject(Text(row, "type"), Text(row, "identity"), along) { Path = row.GetProperty("names").EnumerateArray().Select(name => name.GetString()!).ToValueList() };
        var path = new[] { row.GetProperty("schema").GetString(), row.GetProperty("name").GetString(), row.GetProperty("attribute").GetString() }.OfType<string>().ToValueList();
        return new DroppedObject(Text(row, "type"), CatalogName.Join(path), along) { Path = path };
    }

    private static string Table(JsonElement row) => CatalogName.Join([Text(row, "schema"), Text(row, "name")]);

    private static string Name(JsonElement row, string column) => CatalogName.Join(row.GetProperty(column).EnumerateArray().Select(name => name.GetString()!));

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}
