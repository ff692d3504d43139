using Runback.Lab.Tests.Backups;
using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Restores;

/// <summary>Dumps and runs of one test, and what they said.</summary>
public sealed class RestoreWorkshop : IDisposable
{
    private readonly BackupWorkshop _backups = new();
    private readonly List<Run> _runs = [];

    public StringWriter Said { get; } = new();

    public string Folder => _backups.Folder;

    /// <summary>Begins a run.</summary>
    public Run Begin(bool dryRun = false)
    {
        var run = Run.Begin(Path.Combine(Folder, ".runback"), "Restore", new Narration(Said, new Secrets()), new Secrets(), dryRun);
        _runs.Add(run);
        return run;
    }

    public Task<Backup> DumpAsync(PostgresServer server, CancellationToken cancellation) => _backups.TakeAsync(server, cancellation);

    /// <summary>Restores a dump and swaps.</summary>
    public static async Task<SwappedDatabase> RestoreAsync(PostgresServer server, string dump, Run run, CancellationToken cancellation)
    {
        var restore = new DatabaseRestore(server, run);
        return await restore.SwapAsync(await restore.PrepareAsync(new RestorePlan(dump), cancellation), cancellation);
    }

    /// <summary>Every database of the server with its identity, whether it takes connections, its limit and its comment: what a refusal must leave as it is.</summary>
    public static async Task<string> CatalogAsync(PostgresServer server, CancellationToken cancellation) =>
        (await server.On("postgres").ScalarAsync(
            """
            SELECT string_agg(concat_ws('|', oid, datname, datallowconn, datconnlimit, shobj_description(oid, 'pg_database'), datacl::text,
                   (SELECT array_agg(setconfig::text ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = oid)::text), E'\n' ORDER BY oid)
            FROM pg_database
            """, cancellation))!;

    /// <summary>The copies of dumps that are in the container.</summary>
    public static async Task<string> CopiesAsync(PostgresServer server, CancellationToken cancellation) =>
        (await Shell.Quiet.TryAsync(new Command("docker", "exec", server.Address.Container, "sh", "-c", "ls /tmp /var/tmp | grep runback-restore"), cancellation)).Output;

    public void Dispose()
    {
        foreach (var run in _runs)
            run.Dispose();
        _backups.Dispose();
    }
}
