using System.Diagnostics;
using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>
/// Carries a swap out. The rename of a database takes a lock on it that a new connection needs too, and then waits up to five seconds for the
/// sessions that are there (<c>dbcommands.c</c>, RenameDatabase and CountOtherDBBackends): so nothing is switched off beforehand. While the
/// transaction waits, a second session ends the others; whoever connects meanwhile is held back by the lock, and then told that the
/// database was renamed, or finds the new one. Nothing of it stays when the run is killed: the server rolls back.
/// </summary>
/// <param name="maintenance">The server, on a database that isn't swapped.</param>
/// <param name="run">The run.</param>
internal sealed class DatabaseSwap(PostgresServer maintenance, Run run)
{
    private const int Renames = 2;
    private const int Attempts = 5;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(10);
    // object_in_use, lock_not_available, query_canceled: somebody else was there, and may be gone the next time.
    private static readonly string[] Passing = ["55006", "55P03", "57014"];

    /// <summary>Swaps, or does nothing. A cancellation is heard between attempts only.</summary>
    /// <param name="database">The application's database.</param>
    /// <param name="incoming">The database that takes its place.</param>
    /// <param name="statements">The statements of <see cref="SwapStatements"/>.</param>
    /// <param name="happened">Asks the catalogs whether it happened, where a lost connection left that open.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Seconds from the first session that was ended to the commit.</returns>
    /// <exception cref="RunbookException">It didn't happen: the database under the application's name is the one that was there.</exception>
    public async Task<double> RunAsync(
        string database, string incoming, IReadOnlyList<string> statements, Func<Task<bool>> happened, CancellationToken cancellation)
    {
        var seconds = 0.0;
        await run.Shell.ChangeAsync(Pasteable(maintenance, database, incoming, statements), async () =>
        {
            for (var attempt = 1; ; attempt++)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    seconds = await TryAsync(database, incoming, statements);
                    return;
                }
                catch (PostgresException exception)
                {
                    if (await happened())
                        return;
                    if (attempt < Attempts && exception.SqlState is { } state && Passing.Contains(state))
                        run.Narration.Say($"  {exception.Message}: attempt {attempt + 1} of {Attempts}");
                    else
                        throw await FailureAsync(database, exception);
                }
            }
        });
        return seconds;
    }

    /// <summary>The line for a person: end the sessions, then swap; to be repeated when somebody connects in between.</summary>
    public static string Pasteable(PostgresServer maintenance, string database, string incoming, IReadOnlyList<string> statements) =>
        SqlChange.Pasteable(maintenance, [WriterSessions.End([database, incoming])]) + " && " + SqlChange.Pasteable(maintenance, statements, together: true);

    private async Task<double> TryAsync(string database, string incoming, IReadOnlyList<string> statements)
    {
        await using var swapping = await maintenance.OpenAsync("runback-swap", CancellationToken.None);
        await using var ending = await maintenance.OpenAsync("runback-swap-end", CancellationToken.None);
        // The role's own settings may be otherwise. The commit must be on the disk: whoever saw the new database mustn't see the old one after a crash.
        await swapping.ExecuteAsync("SET lock_timeout = '5s'; SET statement_timeout = '20s'; SET synchronous_commit = on;", CancellationToken.None);
        var watch = Stopwatch.StartNew();
        await ending.ExecuteAsync(WriterSessions.End([database, incoming]) + ";", CancellationToken.None);
        using var enough = new CancellationTokenSource();
        var othersEnd = EndAsync(ending, WriterSessions.End([database, incoming]), enough.Token);
        try
        {
            await swapping.ExecuteAsync("BEGIN;", CancellationToken.None);
            // One by one, so that nothing after a failed statement is ever sent.
            foreach (var rename in statements.Take(Renames))
                await swapping.ExecuteAsync(rename + ";", CancellationToken.None);
        }
        finally
        {
            // Once the names are free for others, sessions under them are the application's new ones.
            await enough.CancelAsync();
            await othersEnd;
        }
        foreach (var statement in statements.Skip(Renames).Append("COMMIT"))
            await swapping.ExecuteAsync(statement + ";", CancellationToken.None);
        return Math.Round(watch.Elapsed.TotalSeconds, 3);
    }

    private static async Task EndAsync(PostgresSession session, string statement, CancellationToken cancellation)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                await session.ExecuteAsync(statement + ";", CancellationToken.None);
                await Task.Delay(Between, cancellation);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or PostgresException)
        {
            // A session that may not be ended makes the rename fail, which names it.
        }
    }

    private async Task<RunbookException> FailureAsync(string database, PostgresException exception)
    {
        IReadOnlyList<OpenSession> open = [];
        try
        {
            open = await new WriterSessions(maintenance.On(database), run).ListAsync(maintenance, CancellationToken.None);
        }
        catch (PostgresException)
        {
            // The reason that is there already says more.
        }
        return new RunbookException(
            $"expected to swap the databases, found: {exception.Message}; the database {database} is the one that was there before, and takes connections"
            + (open.Count > 0 ? $"; connected to it: {WriterSessions.Names(open)}" : ""),
            exception.Hint ?? "stop what stays connected, then run the same command again", inner: exception);
    }
}
