using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Restores;

/// <summary>The new database that a dump is restored into.</summary>
/// <param name="maintenance">The server, on another database.</param>
/// <param name="run">The run.</param>
/// <param name="name">Its name.</param>
internal sealed class ScratchDatabase(PostgresServer maintenance, Run run, string name)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(6);
    // The database's own settings hold already, as they did for the rows when they were written; but one that is read-only couldn't be filled.
    // Nothing depends on these rows before the swap, whose commit brings everything before it to the disk.
    private const string Options = "PGOPTIONS=-c default_transaction_read_only=off -c synchronous_commit=off -c statement_timeout=0 -c lock_timeout=0";
    private const string DuplicateDatabase = "42P04";
    private const int Tries = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly string _application = $"runback-{Guid.NewGuid():N}"[..20];
    private bool _made;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Makes it, empty, like the application's database, and marks it.</summary>
    public async Task CreateAsync(DatabaseProperties like, DatabaseMark mark, int connectionLimit, CancellationToken cancellation)
    {
        var create = DatabaseDefinition.Create(like, Name, connectionLimit);
        var comment = DatabaseDefinition.Comment(Name, mark.ToString());
        await run.Shell.ChangeAsync(SqlChange.Pasteable(maintenance, [create, comment]), async () =>
        {
            if ((await RestoreState.ReadAsync(maintenance, mark.Database, cancellation)).Of(run.Id) is { Mark.Stage: RestoreStage.Restoring or RestoreStage.Ready } earlier)
                await RestoreLeftovers.DropAsync(maintenance, earlier.Name, run, cancellation);
            try
            {
                // Both in one call: the mark must follow at once. A cancellation waits for it.
                await maintenance.Within(Long).ExecuteAsync($"{create};\n{comment};", CancellationToken.None);
                _made = true;
            }
            catch (PostgresException exception)
            {
                // One of this name that was there before belongs to somebody else.
                _made = exception.SqlState != DuplicateDatabase;
                throw;
            }
        });
        cancellation.ThrowIfCancellationRequested();
        await SqlChange.MakeAsync(maintenance, run, DatabaseDefinition.Properties(like, Name), cancellation);
    }

    /// <summary>Restores the dump into it, and collects statistics, without which the application would be slow in it.</summary>
    public async Task FillAsync(string dump, int jobs, CancellationToken cancellation)
    {
        var restore = Program("pg_restore", "--exit-on-error", $"--jobs={jobs}", dump);
        await run.Shell.ChangeAsync(restore.ToString(), async () =>
        {
            var result = await run.Shell.TryAsync(restore, cancellation);
            if (!result.Succeeded)
                throw Failure(result);
        });
        var analyze = Program("vacuumdb", "--analyze-only", "--quiet", $"--jobs={jobs}");
        await run.Shell.ChangeAsync(analyze.ToString(), async () =>
        {
            var result = await run.Shell.TryAsync(analyze, cancellation);
            if (!result.Succeeded)
                run.Narration.Warn($"statistics of {Name} are incomplete: {result.Complaint}", "the server collects them by itself, in minutes; until then queries may be slow");
        });
    }

    /// <summary>Reads what is in it now, which must be what was counted when the dump was taken.</summary>
    public async Task<RestoredContent> CompareAsync(BackupFacts? facts, CancellationToken cancellation)
    {
        var content = await RestoredContent.ReadAsync(maintenance.On(Name), cancellation);
        if (facts?.Tables is null)
            run.Narration.Warn("nobody counted the rows when this dump was taken: it restores, and there is nothing to compare it with");
        else if (content.DifferencesFrom(facts) is { Count: > 0 } differences)
        {
            throw RunbookException.Refused(
                $"the restored database isn't what was dumped: {string.Join("; ", differences.Take(5))}{(differences.Count > 5 ? $"; and {differences.Count - 5} more" : "")}",
                "name another dump with --point");
        }
        run.Narration.Say($"  {Name}: {content.Tables.Count} tables with {Bytes.Grouped(content.Tables.Sum(table => table.Rows ?? 0))} rows, revision {(content.Revisions is null or [] ? "none" : string.Join(", ", content.Revisions))}");
        return content;
    }

    /// <summary>Removes it when this object made it: its programs run on in the container when nobody waits for them any more.</summary>
    public async Task GiveUpAsync()
    {
        if (!_made)
            return;
        // A server that is being restarted is back in a moment.
        for (var left = Tries; ; left--)
        {
            try
            {
                await maintenance.EndSessionsAsync(_application);
                await RestoreLeftovers.DropAsync(maintenance, Name, run, CancellationToken.None);
                return;
            }
            catch (RunbookException exception) when (left == 0)
            {
                run.Narration.Warn($"the unfinished database {Name} couldn't be removed: {exception.Message}", "the next restore removes it");
                run.Result.Kept.Add($"an unfinished copy of a backup, which the next restore removes: {Name}");
                return;
            }
            catch (RunbookException)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private Processes.Command Program(string program, params string[] arguments) =>
        maintenance.Exec(["PGAPPNAME=" + _application, Options], program,
            ["--no-password", "--username=" + maintenance.Address.User, "--dbname=" + PostgresServer.ConnectionName(Name), .. arguments]);

    private static PostgresException Failure(Processes.CommandResult result)
    {
        var error = PostgresComplaint.Explain("the dump to restore into a new database", result.Error, result.ExitCode);
        var hint = error.Message.Contains("role \"", StringComparison.Ordinal)
            ? "make the role that the dump grants to: CREATE ROLE …; then run the same command again"
            : error.Message.Contains("extension", StringComparison.OrdinalIgnoreCase)
                ? "the dump uses an extension that the database's image doesn't hold: put it into the image"
                : error.Hint ?? "the dump can't be restored as it is: name another with --point";
        return new PostgresException(error.Message, hint, error.SqlState);
    }
}
