using Npgsql;
using Runback.Runbook.Databases;

namespace Runback.Runbook.Restores;

/// <summary>
/// Counts the rows that only one of two databases has, where nothing in a row tells when it was written. Two databases can't be asked in one
/// statement, so each sorts the fingerprints of its rows, and both are read side by side; memory stays flat.
/// </summary>
/// <param name="before">The database before the restore.</param>
/// <param name="after">The restored one.</param>
internal sealed class WholeRows(PostgresServer before, PostgresServer after)
{
    /// <summary>The most rows of both together that are compared: a few seconds' work.</summary>
    public const long Maximum = 2_000_000;

    /// <summary>Rows of a table that only the first database has; of equal rows, those that the second has fewer of.</summary>
    public async Task<long> OnlyBeforeAsync(TableShape shape, IReadOnlyList<string> columns, CancellationToken cancellation)
    {
        var copy = $"COPY (SELECT md5(ROW({string.Join(", ", columns.Select(SqlText.Identifier))})::text) COLLATE \"C\" FROM {shape.Only} ORDER BY 1) TO STDOUT";
        try
        {
            await using var first = await OpenAsync(before, cancellation);
            await using var second = await OpenAsync(after, cancellation);
            using var rows = await first.BeginTextExportAsync(copy, cancellation);
            using var others = await second.BeginTextExportAsync(copy, cancellation);
            return await CountAsync(rows, others, cancellation);
        }
        catch (NpgsqlException exception)
        {
            throw PostgresComplaint.Explain($"to read {SqlText.Readable(shape.Schema, shape.Table)}", PostgresConnection.Said(exception), null, exception);
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(PostgresServer server, CancellationToken cancellation)
    {
        var connection = await PostgresConnection.OpenAsync(server.Address, "runback-rows", cancellation);
        foreach (var setting in (string[])["default_transaction_read_only = on", "statement_timeout = 0", "row_security = off"])
            await PostgresConnection.RunAsync(connection, "SET " + setting, cancellation);
        return connection;
    }

    private static async Task<long> CountAsync(TextReader first, TextReader second, CancellationToken cancellation)
    {
        long count = 0;
        var (a, b) = (await first.ReadLineAsync(cancellation), await second.ReadLineAsync(cancellation));
        while (a is not null)
        {
            var order = b is null ? -1 : string.CompareOrdinal(a, b);
            if (order < 0)
                count++;
            if (order <= 0)
                a = await first.ReadLineAsync(cancellation);
            if (order >= 0)
                b = await second.ReadLineAsync(cancellation);
        }
        while (b is not null)
            b = await second.ReadLineAsync(cancellation);
        return count;
    }
}
