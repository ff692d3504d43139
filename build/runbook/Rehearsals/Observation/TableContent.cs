using System.Diagnostics;
using Runback.Runbook.Databases;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>How many rows a table holds, and one number made of all that they hold in some columns, whatever their order.</summary>
/// <param name="Rows">The rows, without those of tables that inherit from it.</param>
/// <param name="Checksum">The sum of a 64-bit hash of each row's text.</param>
internal sealed record TableContent(long Rows, string Checksum)
{
    /// <summary>Reads a table; null when it takes longer than is left, or the server refuses.</summary>
    public static async Task<TableContent?> ReadAsync(
        PostgresSession session, string table, IEnumerable<string> columns, TimeSpan left, CancellationToken cancellation)
    {
        if (left < TimeSpan.FromMilliseconds(10))
            return null;
        session.Timeout = left + TimeSpan.FromSeconds(10);
        try
        {
            await session.ExecuteAsync($"SET statement_timeout = {(long)left.TotalMilliseconds};", cancellation);
            var rows = await session.QueryAsync(
                $"""
                SELECT count(*) AS rows, coalesce(sum(hashtextextended(ROW({string.Join(", ", columns.Select(SqlText.Identifier))})::text, 0)::numeric), 0)::text AS checksum
                FROM ONLY {table}
                """, cancellation);
            return new TableContent(rows[0].GetProperty("rows").GetInt64(), rows[0].GetProperty("checksum").GetString()!);
        }
        catch (PostgresException) when (!session.Lost)
        {
            return null;
        }
    }

    /// <summary>Time that is used up.</summary>
    internal sealed class Budget(TimeSpan whole)
    {
        private readonly long _began = Stopwatch.GetTimestamp();

        /// <summary>What is left of it.</summary>
        public TimeSpan Left => whole - Stopwatch.GetElapsedTime(_began);
    }
}
