using System.Diagnostics;
using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>
/// Restores a dump beside the application's database while that one still serves, and lets the two change places by name (traps 6 and 7 of the
/// runbook's option 3: the database stays up, and nothing is dropped).
/// </summary>
/// <param name="server">The application's database.</param>
/// <param name="run">The run.</param>
public sealed class DatabaseRestore(PostgresServer server, Run run)
{
    private readonly string _database = server.Address.Database;

    /// <summary>
    /// Restores into a new database that nobody uses yet, with everything that the application's database has as a whole, and compares it with
    /// what was counted when the dump was taken. Whatever goes wrong, the application's database is untouched and what was made is removed.
    /// </summary>
    /// <exception cref="RunbookException">There is no room, the dump isn't what was written, something is in the way, or pg_restore failed.</exception>
    public async Task<RestoredDatabase> PrepareAsync(RestorePlan plan, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var maintenance = await MaintenanceDatabase.FindAsync(server, cancellation);
        var live = await DatabaseProperties.ReadAsync(maintenance, _database, cancellation);
        var superuser = await RestoreObstacles.CheckAsync(maintenance, live, cancellation);
        await new RestoreLeftovers(server, run).RemoveAsync(cancellation);
        await using var dump = DumpFile.Open(plan.Dump);
        var request = new VerifyRequest(plan.Dump, _database, VerifyLevel.Checksum, "", "", run.Id) { Sha256 = plan.Sha256 };
        var expected = BackupVerification.Expect(request, dump, run.Narration);
        var folder = await new RestoreRoom(maintenance).CheckAsync(live, dump.Length, expected.Facts?.DatabaseBytes, plan.Reserve, cancellation);

        await using var copy = new ContainerFile(server, run, folder);
        var seen = await CopyAsync(dump, copy, plan, cancellation);
        BackupVerification.Judge(seen, expected, request);
        if (seen.Contents is { } contents)
            await RestoreObstacles.CheckNeedsAsync(maintenance, contents, cancellation);

        var mark = new DatabaseMark(RestoreStage.Restoring, run.Id, _database)
        {
            Dump = Path.GetFileName(plan.Dump), Sha256 = seen.Sha256, Release = plan.Release, Snapshot = expected.Facts?.Snapshot, At = DateTimeOffset.UtcNow,
        };
        var scratch = new ScratchDatabase(maintenance, run, RestoreNames.Scratch(_database, run.Id));
        try
        {
            // A superuser isn't counted by the limit; a role that isn't one would lock itself out.
            await scratch.CreateAsync(live, mark, superuser ? 0 : live.ConnectionLimit, cancellation);
            await scratch.FillAsync(copy.Path, plan.Jobs, cancellation);
            var content = run.DryRun ? null : await scratch.CompareAsync(expected.Facts, cancellation);
            mark = mark with { Stage = RestoreStage.Ready, At = DateTimeOffset.UtcNow };
            await SqlChange.MakeAsync(maintenance, run, [DatabaseDefinition.Comment(scratch.Name, mark.ToString())], cancellation);
            return new RestoredDatabase(scratch.Name, mark, live) { GiveUp = scratch.GiveUpAsync, Facts = expected.Facts, Content = content, Seconds = Math.Round(watch.Elapsed.TotalSeconds, 3) };
        }
        catch
        {
            await scratch.GiveUpAsync();
            throw;
        }
    }

    /// <summary>
    /// Lets the restored database take the application's place, in one transaction; the one that was there is kept under another name. Sessions on
    /// both are named and ended. The caller has stopped what writes: what is written between the dump and now is in the kept database only.
    /// </summary>
    /// <exception cref="RunbookException">It didn't happen; the message says which database is live.</exception>
    public async Task<SwappedDatabase> SwapAsync(RestoredDatabase restored, CancellationToken cancellation)
    {
        var maintenance = await MaintenanceDatabase.FindAsync(server, cancellation);
        var live = await DatabaseProperties.ReadAsync(maintenance, _database, cancellation);
        var superuser = await RestoreObstacles.CheckAsync(maintenance, live, cancellation);
        if (live.Oid != restored.Live.Oid)
            throw RunbookException.Refused($"expected the database {_database} that the restore began beside, found another one under its name", "somebody swapped it meanwhile: look at it, then restore again");
        if (!run.DryRun && (await RestoreState.ReadAsync(maintenance, _database, cancellation)).Marked.All(each => each.Name != restored.Name || each.Mark.Stage != RestoreStage.Ready))
            throw RunbookException.Refused($"expected the restored database {restored.Name}, found none that is ready", "restore again");
        await NameSessionsAsync(maintenance, cancellation);
        var kept = RestoreNames.Before(_database, run.Id);
        var mark = restored.Mark with
        {
            Stage = RestoreStage.Before, At = DateTimeOffset.UtcNow, Was = live.Serving, Placed = await OidAsync(maintenance, restored.Name, cancellation),
        };
        var statements = SwapStatements.Swap(_database, kept, mark, restored.Name, live.Serving, wasAside: false, limit: superuser);
        var seconds = await new DatabaseSwap(maintenance, run).RunAsync(_database, restored.Name, statements, () => IsAsync(maintenance, kept, live.Oid), cancellation);
        return Describe(maintenance, kept, mark, superuser) with { Seconds = seconds };
    }

    /// <summary>The way back: the kept database takes its old place again, as it was; the restored one is kept under a name of its own.</summary>
    /// <exception cref="RunbookException">It didn't happen; the message says which database is live.</exception>
    public async Task SwapBackAsync(SwappedDatabase swapped, CancellationToken cancellation)
    {
        var maintenance = await MaintenanceDatabase.FindAsync(server, cancellation);
        if (swapped.Mark.Was is not { } was)
            throw new ArgumentException($"expected a mark that says what {swapped.Kept} had while it served", nameof(swapped));
        var live = await DatabaseProperties.ReadAsync(maintenance, _database, cancellation);
        var superuser = await RestoreObstacles.CheckAsync(maintenance, live, cancellation);
        var kept = await DatabaseProperties.TryReadAsync(maintenance, swapped.Kept, cancellation);
        if (kept is null && !run.DryRun)
            throw RunbookException.Refused($"expected the kept database {swapped.Kept}, found none", "look at `\\l` in psql: was it renamed or removed by hand, or is the way back done already?");
        await NameSessionsAsync(maintenance, cancellation);
        var aside = RestoreNames.Returned(_database, swapped.Mark.Run);
        var mark = swapped.Mark with { Stage = RestoreStage.Returned, At = DateTimeOffset.UtcNow, Was = live.Serving };
        var statements = SwapStatements.Swap(_database, aside, mark, swapped.Kept, was, wasAside: true, limit: superuser);
        await new DatabaseSwap(maintenance, run).RunAsync(_database, swapped.Kept, statements, () => IsAsync(maintenance, aside, live.Oid), cancellation);
    }

    /// <summary>What an earlier run's swap left, from the catalogs; null when that run swapped nothing, or its kept database is gone.</summary>
    public Task<SwappedDatabase?> FindAsync(string ofRun, CancellationToken cancellation) => FindAsync([ofRun], cancellation);

    /// <summary>What the first swap of some earlier runs left, from the catalogs: the way back behind all of them. Null when none swapped anything, or the kept database is gone.</summary>
    public async Task<SwappedDatabase?> FindAsync(IReadOnlyCollection<string> ofRuns, CancellationToken cancellation)
    {
        var maintenance = await MaintenanceDatabase.FindAsync(server, cancellation);
        var found = (await RestoreState.ReadAsync(maintenance, _database, cancellation)).Kept.LastOrDefault(each => ofRuns.Contains(each.Mark.Run));
        return found?.Mark.Was is null ? null : Describe(maintenance, found.Name, found.Mark, limit: true);
    }

    private SwappedDatabase Describe(PostgresServer maintenance, string kept, DatabaseMark mark, bool limit)
    {
        var aside = RestoreNames.Returned(_database, mark.Run);
        var returned = mark with { Stage = RestoreStage.Returned };
        var back = SwapStatements.Swap(_database, aside, returned, kept, mark.Was!, wasAside: true, limit);
        return new SwappedDatabase(_database, kept, mark)
        {
            LookCommand = server.On(kept).Exec([], "psql", ["-X", "--username=" + server.Address.User, "--dbname=" + PostgresServer.ConnectionName(kept)]).ToString()
                .Replace("exec --interactive", "exec --interactive --tty", StringComparison.Ordinal),
            ReturnCommand = DatabaseSwap.Pasteable(maintenance, _database, kept, back),
            RemoveCommand = SqlChange.Pasteable(maintenance, [$"DROP DATABASE {SqlText.Identifier(kept)}"]),
            RemoveAsideCommand = SqlChange.Pasteable(maintenance, [$"DROP DATABASE {SqlText.Identifier(aside)}"]),
        };
    }

    // In a dry run nothing is copied, but what would be is read.
    private async Task<DumpStream.Result> CopyAsync(FileStream dump, ContainerFile copy, RestorePlan plan, CancellationToken cancellation)
    {
        dump.Position = 0;
        var stream = new DumpStream { Progress = DumpStream.Say(run.Narration, "copied", dump.Length) };
        var sent = await copy.FillAsync(input => stream.CopyAsync(dump, input, cancellation), plan.Dump, cancellation);
        return run.DryRun ? await stream.CopyAsync(dump, Stream.Null, cancellation) : sent;
    }

    private async Task NameSessionsAsync(PostgresServer maintenance, CancellationToken cancellation)
    {
        foreach (var session in await new WriterSessions(server, run).ListAsync(maintenance, cancellation))
            run.Narration.Say($"  ends {session}");
    }

    // Null where there is no such database, as in a dry run.
    private static async Task<long?> OidAsync(PostgresServer maintenance, string name, CancellationToken cancellation) =>
        long.TryParse(await maintenance.ScalarAsync($"SELECT oid::bigint FROM pg_database WHERE datname = {SqlText.Literal(name)}", cancellation), out var oid) ? oid : null;

    private static async Task<bool> IsAsync(PostgresServer maintenance, string name, long oid)
    {
        try
        {
            return await OidAsync(maintenance, name, CancellationToken.None) == oid;
        }
        catch (PostgresException)
        {
            return false;
        }
    }
}
