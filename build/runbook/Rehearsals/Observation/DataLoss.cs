using System.Text.Json;
using Runback.Runbook.Databases;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Counts what a downgrade destroys. Objects that hold no data of their own (views, functions, indexes, generated columns) are no loss.</summary>
public static class DataLoss
{
    /// <summary>
    /// Counts in the database as it is before the downgrade: the copy, or production. Only reads. What can't be counted, because it
    /// takes longer than the client's limit or the server refuses, has no numbers.
    /// </summary>
    /// <param name="databaseBefore">The database before the downgrade.</param>
    /// <param name="downgrade">What the rehearsed downgrade was seen to do.</param>
    /// <param name="before">The schema before it.</param>
    /// <param name="afterDowngrade">The schema after it.</param>
    /// <param name="badSince">When the bad release went live; null when that isn't known.</param>
    /// <param name="cancellation">Ends the counting.</param>
    /// <exception cref="PostgresException">The server can't be reached.</exception>
    public static async Task<IReadOnlyList<LostData>> CountAsync(
        SqlClient databaseBefore, ObservedMigration downgrade, CatalogSnapshot before, CatalogSnapshot afterDowngrade,
        DateTimeOffset? badSince, CancellationToken cancellation)
    {
        await databaseBefore.ScalarAsync("SELECT 1", cancellation);
        var lost = new List<LostData>();
        var tables = Tables(downgrade, before, afterDowngrade);
        foreach (var table in tables)
        {
            var counted = await CountAsync(databaseBefore, table, [], badSince, before, cancellation);
            lost.Add(new LostData(table.Name, LossKind.Table, counted.Rows, null, counted.Since, counted.SinceColumn).Of(table));
        }
        var gone = tables.Select(table => table.Identity).ToHashSet(StringComparer.Ordinal);
        foreach (var columns in Columns(downgrade, before, afterDowngrade).Where(column => !gone.Contains(column.Table!)).GroupBy(column => column.Table!))
        {
            var table = before.Find(CatalogKind.Table, columns.Key)!;
            var counted = await CountAsync(databaseBefore, table, [.. columns], badSince, before, cancellation);
            lost.AddRange(columns.Select((column, i) =>
                new LostData(column.Name, LossKind.Column, counted.Rows, counted.Values?[i], counted.ValuesSince?[i], counted.SinceColumn).Of(table)));
        }
        foreach (var rows in downgrade.Rows.Where(rows => !gone.Contains(rows.Table)))
        {
            if (rows.Deleted > 0)
                lost.Add(Touched(rows, LossKind.RowsDeleted, rows.Deleted, before));
            if (rows.OldValues == OldValues.Changed || (rows.Updated > 0 && rows.OldValues == OldValues.Unknown))
                lost.Add(Touched(rows, LossKind.RowsUpdated, rows.Updated, before));
        }
        return [.. lost, .. await OutsideAsync(databaseBefore, lost, before, afterDowngrade, cancellation)];
    }

    /// <summary>
    /// The large objects that a rehearsed downgrade removed, whatever pointed to them; null for none. No dump of single tables holds them.
    /// </summary>
    /// <param name="databaseBefore">The database before the downgrade.</param>
    /// <param name="databaseAfter">The copy that was downgraded.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async Task<LostData?> LargeObjectsAsync(SqlClient databaseBefore, SqlClient databaseAfter, CancellationToken cancellation)
    {
        const string fingerprint = "SELECT count(*) || ' ' || coalesce(sum(hashtextextended(oid::text, 0)::numeric), 0) FROM pg_catalog.pg_largeobject_metadata";
        if (await databaseBefore.ScalarAsync(fingerprint, cancellation) == await databaseAfter.ScalarAsync(fingerprint, cancellation))
            return null;
        var gone = await ObjectsAsync(databaseBefore, cancellation);
        gone.ExceptWith(await ObjectsAsync(databaseAfter, cancellation));
        return gone.Count == 0 ? null : new LostData("the database", LossKind.LargeObjects, gone.Count, null, null, null)
        {
            Schema = "", Table = "", NotKept = new OutsideRows("", "", null, OutsideKind.LargeObjects, "").Why,
        };
    }

    private static async Task<HashSet<long>> ObjectsAsync(SqlClient client, CancellationToken cancellation) =>
        [.. (await client.QueryAsync("SELECT oid::bigint AS oid FROM pg_catalog.pg_largeobject_metadata", cancellation)).Select(row => row.GetProperty("oid").GetInt64())];

    // A table that the snapshot doesn't show belongs to an extension.
    private static LostData Touched(RowChange rows, LossKind kind, long count, CatalogSnapshot before)
    {
        var lost = new LostData(CatalogName.Short(rows.Table), kind, count, null, null, null);
        return before.Find(CatalogKind.Table, rows.Table) is { } table
            ? lost.Of(table)
            : lost with { NotKept = "it belongs to an extension, and pg_dump leaves its rows out" };
    }

    // What a dump of the lost tables can't hold, and the tables that go with an extension. A dump may hold none of an extension's rows: the copy can't count them.
    private static async Task<IEnumerable<LostData>> OutsideAsync(
        SqlClient client, IEnumerable<LostData> lost, CatalogSnapshot before, CatalogSnapshot after, CancellationToken cancellation)
    {
        var kept = lost.Where(loss => loss.NotKept is null).Select(loss => (loss.Schema, loss.Table)).Distinct().ToList();
        var extensions = before.Objects.Where(found => found.Kind == CatalogKind.Extension && after.Find(CatalogKind.Extension, found.Identity) is null).Select(found => found.Path[0]).ToList();
        return (await TableTree.OutsideOfAsync(client, kept, cancellation)).Concat(await TableTree.OfExtensionsAsync(client, extensions, cancellation)).Select(LostData.Of);
    }

    // A partition that goes with its parent is counted there.
    private static List<CatalogObject> Tables(ObservedMigration downgrade, CatalogSnapshot before, CatalogSnapshot after)
    {
        var gone = Gone(CatalogKind.Table, "table", downgrade, before, after);
        var names = gone.Select(table => table.Identity).ToHashSet(StringComparer.Ordinal);
        return [.. gone.Where(table => !before.Objects.Any(link => link.Kind == CatalogKind.Inheritance && link.Table == table.Identity && link.Is("partition")
            && names.Contains(CatalogName.Join([link["parent schema"]!, link["parent"]!]))))];
    }

    // A partitioned table is counted with its partitions; one that others inherit from without them.
    private static bool IsPartition(string table, CatalogSnapshot before) =>
        before.Objects.Any(link => link.Kind == CatalogKind.Inheritance && link.Table == table && link.Is("partition"));

    private static IEnumerable<CatalogObject> Columns(ObservedMigration downgrade, CatalogSnapshot before, CatalogSnapshot after) =>
        Gone(CatalogKind.Column, "table column", downgrade, before, after)
            .Where(column => !(column.Is("inherited") && IsPartition(column.Table!, before)) && column["generated"] is null && before.Find(CatalogKind.Table, column.Table!) is not null
                && !downgrade.Renamed.Any(renamed => renamed.Identity == column.Table));

    // Seen to be dropped (and perhaps made again), or no longer there although nothing was seen; what was renamed is still there.
    private static List<CatalogObject> Gone(CatalogKind kind, string type, ObservedMigration downgrade, CatalogSnapshot before, CatalogSnapshot after)
    {
        var dropped = downgrade.Dropped.Where(one => one.ObjectType == type).Select(one => one.Identity).ToHashSet(StringComparer.Ordinal);
        var renamed = downgrade.Renamed.Select(one => one.Identity).ToHashSet(StringComparer.Ordinal);
        return [.. before.Objects.Where(found => found.Kind == kind
            && (dropped.Contains(found.Identity) || (after.Find(kind, found.Identity) is null && !renamed.Contains(found.Identity))))];
    }

    private static async Task<Counted> CountAsync(
        SqlClient client, CatalogObject table, IReadOnlyList<CatalogObject> columns, DateTimeOffset? badSince, CatalogSnapshot before, CancellationToken cancellation)
    {
        var clock = badSince is null ? null : WrittenColumn.Of(table, columns, before);
        List<string> parts = ["count(*) AS rows", .. columns.Select((column, i) => $"count({SqlText.Identifier(column.Path[^1])}) AS value{i}")];
        if (clock is not null)
        {
            var since = $"FILTER (WHERE {clock.Since(badSince!.Value)})";
            parts.Add($"count(*) {since} AS since");
            parts.AddRange(columns.Select((column, i) => $"count({SqlText.Identifier(column.Path[^1])}) {since} AS since{i}"));
        }
        var only = table["partitioned by"] is null ? "ONLY " : "";
        try
        {
            var row = (await client.QueryAsync($"SELECT {string.Join(", ", parts)} FROM {only}{SqlText.Identifier(table.Path[0], table.Path[1])}", cancellation))[0];
            return new Counted(
                Number(row, "rows"), clock is null ? null : Number(row, "since"), [.. columns.Select((_, i) => (long?)Number(row, $"value{i}"))],
                clock is null ? null : [.. columns.Select((_, i) => (long?)Number(row, $"since{i}"))], clock?.Name);
        }
        catch (PostgresException)
        {
            return new Counted(null, null, null, null, null);
        }
    }

    private static long Number(JsonElement row, string name) => row.GetProperty(name).GetInt64();

    private sealed record Counted(long? Rows, long? Since, IReadOnlyList<long?>? Values, IReadOnlyList<long?>? ValuesSince, string? SinceColumn);
}
