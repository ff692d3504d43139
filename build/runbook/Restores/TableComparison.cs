using Runback.Runbook.Databases;
using Runback.Runbook.Processes;

namespace Runback.Runbook.Restores;

/// <summary>Compares one table before and after a restore.</summary>
/// <param name="shape">The table before.</param>
/// <param name="there">The table in the restored database, or null.</param>
/// <param name="before">A session on the database before the restore.</param>
/// <param name="after">A session on the restored database.</param>
/// <param name="rows">Compares whole rows.</param>
internal sealed class TableComparison(TableShape shape, TableShape? there, SqlClient before, SqlClient after, WholeRows rows)
{
    /// <summary>The moment that the backup shows, or null.</summary>
    public DateTimeOffset? Snapshot { get; init; }

    /// <summary>Compares it.</summary>
    public async Task<TableSince> RunAsync(PostgresServer server, string kept, CancellationToken cancellation)
    {
        var now = await shape.CountAsync(before, null, cancellation);
        if (there is null)
        {
            return new TableSince(shape.Schema, shape.Table, now, null, RowKey.NoTable, now)
            {
                TakeCommand = now == 0 ? null : Take(server.On(kept), shape.Columns, null),
            };
        }
        var restored = await there.CountAsync(after, null, cancellation);
        // What an older schema doesn't have can't be brought over.
        var columns = shape.Columns.Intersect(there.Columns, StringComparer.Ordinal).ToList();
        var found = new TableSince(shape.Schema, shape.Table, now, restored, RowKey.None, null);
        if (shape.Number is { } number && there.Columns.Contains(number, StringComparer.Ordinal))
        {
            // Clients write again by now: their rows come after every number that was given out before the swap (SequenceAdvance), and were never in the backup.
            var column = SqlText.Identifier(number);
            var sequence = $"pg_get_serial_sequence({SqlText.Literal(SqlText.Identifier(shape.Schema, shape.Table))}, {SqlText.Literal(number)})";
            var given = await before.ScalarAsync($"SELECT greatest(max({column}), pg_sequence_last_value({sequence}::regclass)) FROM {shape.Only}", cancellation);
            var inBackup = given is null ? null : $"{column} <= {SqlText.Literal(given)}";
            var highest = await after.ScalarAsync($"SELECT max({column}) FROM {there.Only}{(inBackup is null ? "" : $" WHERE {inBackup}")}", cancellation);
            found = found with { Restored = await there.CountAsync(after, inBackup, cancellation) };
            return await SinceAsync(server, kept, found with { Key = RowKey.Number, Column = number }, columns, highest, cancellation);
        }
        if (shape.Moment is { } moment && there.Columns.Contains(moment, StringComparer.Ordinal))
            return await SinceAsync(server, kept, found with { Key = RowKey.Time, Column = moment }, columns, await LastAsync(moment, cancellation), cancellation);
        if (now == 0)
            return found with { Since = 0 };
        if (columns.Count == 0 || now + restored > WholeRows.Maximum)
            return found;
        var since = await rows.OnlyBeforeAsync(shape, columns, cancellation);
        return found with
        {
            Key = RowKey.WholeRow,
            Since = since,
            TakeCommand = since == 0 ? null : $"bash -c {Command.Quote(Differing(server, kept, columns))}",
            BringCommand = since == 0 ? null : Bring(server, columns),
        };
    }

    private async Task<TableSince> SinceAsync(
        PostgresServer server, string kept, TableSince found, IReadOnlyList<string> columns, string? last, CancellationToken cancellation)
    {
        var where = last is null ? null : $"{SqlText.Identifier(found.Column!)} > {SqlText.Literal(last)}";
        var since = await shape.CountAsync(before, where, cancellation);
        return found with
        {
            Since = since,
            TakeCommand = since == 0 ? null : Take(server.On(kept), columns, where, found.Column),
            BringCommand = since == 0 ? null : Bring(server, columns, found.Key == RowKey.Number ? found.Column : null),
        };
    }

    // A row that was committed after the snapshot may carry a time before it, and one with a wrong clock a time far after it: the earlier of both
    // names rather one too many than one too few.
    private Task<string?> LastAsync(string moment, CancellationToken cancellation)
    {
        var last = $"max({SqlText.Identifier(moment)})";
        // An empty table has no last row, and every row is new.
        var value = Snapshot is { } snapshot && SqlText.Literal(snapshot.ToString("O")) + "::timestamptz" is var at
            ? $"CASE WHEN {last} < {at} THEN {last}::timestamptz WHEN {last} IS NOT NULL THEN {at} END"
            : last;
        return after.ScalarAsync($"SELECT {value} FROM {there!.Only}", cancellation);
    }

    private string Take(PostgresServer kept, IReadOnlyList<string> columns, string? where, string? order = null) =>
        SqlChange.Pasteable(kept, [Copy(columns, where, order)]) + " > " + File;

    // Rows that bring their own numbers don't move the counter on.
    private string Bring(PostgresServer server, IReadOnlyList<string> columns, string? number = null)
    {
        var table = SqlText.Identifier(shape.Schema, shape.Table);
        List<string> statements = [$"COPY {table} ({List(columns)}) FROM STDIN"];
        if (number is not null)
            statements.Add($"SELECT setval(pg_get_serial_sequence({SqlText.Literal(table)}, {SqlText.Literal(number)}), max({SqlText.Identifier(number)})) FROM {table}");
        return SqlChange.Pasteable(server, statements, together: true) + " < " + File;
    }

    private string Differing(PostgresServer server, string kept, IReadOnlyList<string> columns)
    {
        var copy = Copy(columns, null, null);
        return $"LC_ALL=C comm -23 <({SqlChange.Pasteable(server.On(kept), [copy])} | LC_ALL=C sort) <({SqlChange.Pasteable(server, [copy])} | LC_ALL=C sort) > {File}";
    }

    private string Copy(IReadOnlyList<string> columns, string? where, string? order) =>
        $"COPY (SELECT {List(columns)} FROM {shape.Only}{(where is null ? "" : " WHERE " + where)}{(order is null ? "" : " ORDER BY " + SqlText.Identifier(order))}) TO STDOUT";

    private string File => Command.Quote(string.Concat($"{shape.Schema}.{shape.Table}".Select(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '_')) + ".rows");

    private static string List(IEnumerable<string> columns) => string.Join(", ", columns.Select(SqlText.Identifier));
}
