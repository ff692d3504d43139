using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Drills.Beside;

/// <summary>The database of a deployment's copy: the same image and settings on a fresh volume, filled from a backup, with the original's roles.</summary>
/// <param name="copy">The copy.</param>
/// <param name="service">The database's service.</param>
/// <param name="run">The run.</param>
internal sealed class CopiedDatabase(Deployment copy, ComposeService service, Run run)
{
    private const long Reserve = 256_000_000;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    // The roles' passwords stay with the original; here nobody asks for them, on a network that nobody else is on.
    private const string Trust = "SELECT unnest(ARRAY['local all all trust', 'host all all all trust'])";

    /// <summary>Starts the server.</summary>
    /// <param name="limit">How long it may take until it answers.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The server as its superuser.</returns>
    /// <exception cref="RunbookException">It doesn't answer in time, or has ended.</exception>
    public async Task<PostgresServer> StartAsync(TimeSpan limit, CancellationToken cancellation)
    {
        await run.Shell.ChangeAsync(new Compose(copy).Up([copy.DatabaseService]), cancellation);
        var found = await PostgresServer.OfAsync(copy, run.Shell, cancellation);
        // The image's own convention names the superuser that it makes (docker-library/postgres, POSTGRES_USER).
        var server = new PostgresServer(
            found.Address with { User = service.Environment.GetValueOrDefault("POSTGRES_USER", "postgres"), Password = service.Environment.GetValueOrDefault("POSTGRES_PASSWORD") }, run.Shell);
        // While the image prepares the cluster, its server is reached on the socket only.
        var ready = server.Exec([], "pg_isready", ["--quiet", "--host=127.0.0.1"]);
        for (var watch = System.Diagnostics.Stopwatch.StartNew(); !(await Shell.Quiet.TryAsync(ready, cancellation)).Succeeded;)
        {
            var state = await server.ContainerAsync(cancellation);
            if (!state.Running || watch.Elapsed > limit)
            {
                var log = await run.Shell.TryAsync(EngineWay.Log(EngineApi.Shared, state.Name, 5), cancellation);
                throw new RunbookException(
                    $"expected the copy's database to answer within {limit.TotalSeconds:0} s, found it {state.Status}: {log.Complaint}", "its image must make a new cluster on an empty volume");
            }
            await Task.Delay(Glance, cancellation);
        }
        return server;
    }

    /// <summary>Fills it.</summary>
    /// <param name="server">The copy's server, as its superuser.</param>
    /// <param name="original">The original's server, whose roles are read.</param>
    /// <param name="backup">The backup.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What the restored database holds.</returns>
    /// <exception cref="RunbookException">There is no room, or the backup isn't what was written.</exception>
    public async Task<RestoredContent> RestoreAsync(PostgresServer server, PostgresServer original, Backup backup, CancellationToken cancellation)
    {
        var maintenance = await MaintenanceDatabase.FindAsync(server, cancellation);
        await using var dump = DumpFile.Open(backup.File);
        var request = new VerifyRequest(backup.File, copy.Database, VerifyLevel.Restore, "", "", run.Id);
        var expected = BackupVerification.Expect(request, dump, run.Narration);
        var there = await DatabaseProperties.ReadAsync(maintenance, maintenance.Address.Database, cancellation);
        var folder = await new RestoreRoom(maintenance).CheckAsync(there, dump.Length, expected.Facts?.DatabaseBytes, Reserve, cancellation);
        await TrustAsync(maintenance, cancellation);
        var roles = await ScratchRoles.ReadAsync(original, server.Address.User, cancellation);
        if (roles.Length > 0)
            await maintenance.ExecuteAsync(roles, cancellation);

        await using var file = new ContainerFile(maintenance, run, folder);
        var stream = new DumpStream { Progress = DumpStream.Say(run.Narration, "copied", dump.Length) };
        dump.Position = 0;
        var seen = await file.FillAsync(input => stream.CopyAsync(dump, input, cancellation), backup.File, cancellation);
        BackupVerification.Judge(seen, expected, request);
        if (seen.Contents is not { } contents)
            throw RunbookException.Refused($"expected an archive format that Runback knows in {Path.GetFileName(backup.File)}, found a newer one", "name another dump: --backup-file");
        var restored = await new ScratchRestore(maintenance, run.Shell).RunAsync(file.Path, contents, expected.Facts?.Roles ?? [], cancellation);
        var content = await RestoredContent.ReadAsync(restored, cancellation);
        if (expected.Facts is { } facts && content.DifferencesFrom(facts) is { Count: > 0 } differences)
            throw RunbookException.Refused($"{Path.GetFileName(backup.File)}: {string.Join("; ", differences.Take(5))}", "the backup can't be trusted: take a new one (./build.sh Backup), and see why");
        return content;
    }

    private static async Task TrustAsync(PostgresServer maintenance, CancellationToken cancellation)
    {
        var file = await maintenance.ScalarAsync("SELECT setting FROM pg_catalog.pg_settings WHERE name = 'hba_file'", cancellation);
        await maintenance.ExecuteAsync($"COPY ({Trust}) TO {SqlText.Literal(file)};\nSELECT pg_catalog.pg_reload_conf();", cancellation);
    }
}
