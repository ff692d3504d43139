using Runback.Runbook.Backups;
using Runback.Runbook.Databases;

namespace Runback.Runbook.Restores;

/// <summary>
/// What a restore gives up: per table the rows before and after, and those that were written after the backup. Tables that only the restored
/// database has are left out: nothing of them is lost.
/// </summary>
/// <param name="From">The moment that the backup shows (UTC), or null when it isn't known.</param>
/// <param name="To">When the restored database took the application's place (UTC), or now for an estimate.</param>
/// <param name="Tables">The tables.</param>
public sealed record RowsSince(DateTimeOffset? From, DateTimeOffset To, IReadOnlyList<TableSince> Tables)
{
    /// <summary>The rows that are known to be lost.</summary>
    public long Rows => Tables.Sum(table => table.Since ?? 0);

    /// <summary>The tables that lose something, or may.</summary>
    public IEnumerable<TableSince> Losing => Tables.Where(table => table.Loses);

    /// <summary>Whether rows that were changed or removed would be among them, which only whole rows tell.</summary>
    public bool SeesChanges => Tables.All(table => table.Key is RowKey.WholeRow or RowKey.NoTable);

    /// <summary>Compares the database that a swap kept with the restored one, and gives the lines that bring rows over.</summary>
    /// <param name="server">The restored database, under the application's name.</param>
    /// <param name="swapped">What the swap left.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<RowsSince> CompareAsync(PostgresServer server, SwappedDatabase swapped, CancellationToken cancellation)
    {
        await using var before = await ReaderAsync(server.On(swapped.Kept), cancellation);
        await using var after = await ReaderAsync(server, cancellation);
        var restored = (await TableShape.ListAsync(after, cancellation)).ToDictionary(shape => (shape.Schema, shape.Table));
        var rows = new WholeRows(server.On(swapped.Kept), server);
        var tables = new List<TableSince>();
        foreach (var shape in await TableShape.ListAsync(before, cancellation))
        {
            var there = restored.GetValueOrDefault((shape.Schema, shape.Table));
            tables.Add(await new TableComparison(shape, there, before, after, rows) { Snapshot = swapped.Mark.Snapshot }.RunAsync(server, swapped.Kept, cancellation));
        }
        return new RowsSince(swapped.Mark.Snapshot, swapped.At, tables);
    }

    /// <summary>
    /// The same before anything is touched, from what was counted when the dump was taken. Where no time tells which rows are new, it is the
    /// difference of the numbers, at least 0: an estimate, as rows may have been removed as well.
    /// </summary>
    /// <param name="server">The application's database.</param>
    /// <param name="facts">What is known of the dump.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<RowsSince> EstimateAsync(PostgresServer server, BackupFacts facts, CancellationToken cancellation)
    {
        await using var live = await ReaderAsync(server, cancellation);
        var tables = new List<TableSince>();
        foreach (var shape in await TableShape.ListAsync(live, cancellation))
        {
            var now = await shape.CountAsync(live, null, cancellation);
            var counted = facts.Tables?.FirstOrDefault(table => table.Schema == shape.Schema && table.Table == shape.Table);
            if (facts.Tables is not null && counted is null)
                tables.Add(new TableSince(shape.Schema, shape.Table, now, null, RowKey.NoTable, now));
            else if (shape is { Moment: { } moment } && facts.Snapshot is { } snapshot)
            {
                var since = await shape.CountAsync(live, $"{SqlText.Identifier(moment)} > {SqlText.Literal(snapshot.ToString("O"))}::timestamptz", cancellation);
                tables.Add(new TableSince(shape.Schema, shape.Table, now, counted?.Rows, RowKey.Time, since) { Column = moment });
            }
            else
            {
                tables.Add(new TableSince(
                    shape.Schema, shape.Table, now, counted?.Rows, shape.Number is null ? RowKey.None : RowKey.Number, counted?.Rows is { } rows ? Math.Max(0, now - rows) : null)
                { Column = shape.Number });
            }
        }
        return new RowsSince(facts.Snapshot, DateTimeOffset.UtcNow, tables);
    }

    private static async Task<PostgresSession> ReaderAsync(PostgresServer server, CancellationToken cancellation)
    {
        var session = await server.OpenAsync("runback-rows", cancellation);
        session.Timeout = TimeSpan.FromHours(6);
        await session.ExecuteAsync("SET default_transaction_read_only = on; SET statement_timeout = 0; SET lock_timeout = '10s'; SET row_security = off;", cancellation);
        return session;
    }
}
