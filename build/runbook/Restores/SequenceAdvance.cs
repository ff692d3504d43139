using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>
/// Moves the restored database's sequences on to where the application's stand: a number that was given to a client after the backup is never given to
/// another row, and the rows that bear those numbers can be brought over at any time.
/// </summary>
/// <param name="server">The application's database, in which nobody writes any more.</param>
/// <param name="run">The run.</param>
public sealed class SequenceAdvance(PostgresServer server, Run run)
{
    private const string Positions =
        """
        SELECT schemaname AS schema, sequencename AS name, last_value AS last
        FROM pg_catalog.pg_sequences WHERE last_value IS NOT NULL AND NOT cycle AND increment_by > 0
        """;

    /// <summary>Moves them on, and says how many. A database that can't be read any more moves nothing.</summary>
    /// <param name="restored">The restored database's name.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="PostgresException">The restored database refuses.</exception>
    public async Task RunAsync(string restored, CancellationToken cancellation)
    {
        if (run.DryRun)
            return;
        IReadOnlyDictionary<(string, string), long> live;
        try
        {
            live = await ReadAsync(server, cancellation);
        }
        catch (PostgresException unreadable)
        {
            run.Narration.Warn($"the sequences stay as in the backup: {unreadable.Message}", "numbers that were given out since are given out again");
            return;
        }
        var target = server.On(restored);
        var behind = (await ReadAsync(target, cancellation, all: true)).Where(each => live.GetValueOrDefault(each.Key) > each.Value).Select(each => each.Key).ToList();
        if (behind.Count == 0)
            return;
        await SqlChange.MakeAsync(target, run,
            [.. behind.Select(each => $"SELECT pg_catalog.setval({SqlText.Literal(SqlText.Identifier(each.Item1, each.Item2))}::pg_catalog.regclass, {live[each]})")], cancellation);
        run.Narration.Say($"  {behind.Count} sequences were moved on to where the application's stand: no number is given out twice");
    }

    private static async Task<IReadOnlyDictionary<(string, string), long>> ReadAsync(PostgresServer database, CancellationToken cancellation, bool all = false)
    {
        var select = all ? Positions.Replace("last_value AS last", "coalesce(last_value, 0) AS last", StringComparison.Ordinal).Replace("last_value IS NOT NULL AND ", "", StringComparison.Ordinal) : Positions;
        var rows = await database.QueryAsync(select, cancellation);
        return rows.ToDictionary(row => (row.GetProperty("schema").GetString()!, row.GetProperty("name").GetString()!), row => row.GetProperty("last").GetInt64());
    }
}
