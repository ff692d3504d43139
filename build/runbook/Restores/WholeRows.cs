using Runback.Runbook.Databases;
using Runback.Runbook.Processes;

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
        var copy = $"SET default_transaction_read_only = on; SET statement_timeout = 0; SET row_security = off;\nCOPY (SELECT md5(ROW({string.Join(", ", columns.Select(SqlText.Identifier))})::text) COLLATE \"C\" FROM {shape.Only} ORDER BY 1) TO STDOUT;\n";
        await using var first = await Shell.StartAsync(before.Psql("runback-rows").With("--set=ON_ERROR_STOP=1"));
        await using var second = await Shell.StartAsync(after.Psql("runback-rows").With("--set=ON_ERROR_STOP=1"));
        await using var registration = cancellation.Register(() =>
        {
            first.Kill();
            second.Kill();
        });
        var complaints = (first.Error, second.Error);
        foreach (var process in new[] { first, second })
        {
            await process.Input.WriteAsync(copy.AsMemory(), cancellation);
            process.Input.Close();
        }
        var count = await CountAsync(first.OutputText, second.OutputText);
        await FinishAsync(first, await complaints.Item1, shape, cancellation);
        await FinishAsync(second, await complaints.Item2, shape, cancellation);
        return count;
    }

    private static async Task<long> CountAsync(TextReader first, TextReader second)
    {
        long count = 0;
        var (a, b) = (await first.ReadLineAsync(), await second.ReadLineAsync());
        while (a is not null)
        {
            var order = b is null ? -1 : string.CompareOrdinal(a, b);
            if (order < 0)
                count++;
            if (order <= 0)
                a = await first.ReadLineAsync();
            if (order >= 0)
                b = await second.ReadLineAsync();
        }
        while (b is not null)
            b = await second.ReadLineAsync();
        return count;
    }

    private static async Task FinishAsync(RunningCommand process, string complaint, TableShape shape, CancellationToken cancellation)
    {
        if (await process.WaitAsync(cancellation) is not 0 and var exitCode)
            throw PostgresComplaint.Explain($"to read {SqlText.Readable(shape.Schema, shape.Table)}", complaint, exitCode);
    }
}
