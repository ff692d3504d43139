using Runback.Runbook.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Backups;

[Tier(Tier.Default)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
[Collection(nameof(ProductionDatabase))]
public sealed class BackupTests(ProductionDatabase production) : IDisposable
{
    private readonly BackupWorkshop _workshop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task A_backup_is_private_named_as_the_runbook_names_it_and_checked_by_sha256sum()
    {
        var backup = await _workshop.TakeAsync(production.Server, Cancellation);
        Assert.Matches(@"/pg_cleaning_\d{8}T\d{6}Z\.dump$", backup.File);
        var names = Directory.GetFiles(_workshop.Folder).Order(StringComparer.Ordinal);
        Assert.Equal([backup.File, backup.File + ".json", backup.File + ".sha256"], names);
        Assert.All(names, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        var check = new Command("sha256sum", "--check", Path.GetFileName(backup.File) + ".sha256") { WorkingDirectory = _workshop.Folder };
        Assert.Equal(0, (await Shell.Quiet.TryAsync(check, Cancellation)).ExitCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_backup_notes_rows_revision_and_size()
    {
        var facts = (await _workshop.TakeAsync(production.Server, Cancellation)).Facts!;
        Assert.Equal(["b2c3d4"], facts.Revisions!);
        var rows = facts.Tables!.ToDictionary(table => table.Name, table => table.Rows);
        Assert.Equal(500, rows["public.customers"]);
        Assert.Equal(150, rows["public.invoices_2025"]);
        Assert.Equal(7, rows["\"Strange \"\"names\"\"\".\"); \\echo :x '$$\""]);
        Assert.DoesNotContain("public.invoices", rows.Keys);
        Assert.DoesNotContain("public.totals", rows.Keys);
        Assert.Equal(1, facts.LargeObjects);
        Assert.Contains("reader", facts.Roles!);
        Assert.NotNull(facts.SystemIdentifier);
    }

    [Fact(Timeout = 240_000)]
    public async Task Rows_written_while_dumping_are_in_neither_the_dump_nor_its_counts()
    {
        var server = await production.CreateLargeAsync("busy", Cancellation);
        await server.ExecuteAsync("CREATE TABLE events (id bigserial PRIMARY KEY);", Cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var writer = await server.OpenAsync("writer", Cancellation);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
                await writer.ExecuteAsync("INSERT INTO events SELECT FROM generate_series(1, 10); DELETE FROM noise WHERE id % 1000 = " + (i % 1000) + ";", Cancellation);
        }, Cancellation);
        var backup = await _workshop.TakeAsync(server, Cancellation);
        await stop.CancelAsync();
        await writing;
        var now = await RestoredContent.ReadAsync(server, Cancellation);
        Assert.NotEmpty(now.DifferencesFrom(backup.Facts!));
        await _workshop.VerifyAsync(backup.File, VerifyLevel.Restore, Cancellation, "busy");
    }

    [Fact(Timeout = 240_000)]
    public async Task A_backup_that_is_cancelled_leaves_no_file_and_no_session()
    {
        var server = await production.CreateLargeAsync("cancelled", Cancellation);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var taking = _workshop.TakeAsync(server, cancel.Token);
        while (!new DirectoryInfo(_workshop.Folder).EnumerateFiles("*.part").Any(file => file.Length > 1_000_000))
        {
            Assert.False(taking.IsCompleted, "the dump ended before it could be cancelled");
            await Task.Delay(2, Cancellation);
        }
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
        Assert.Empty(Directory.GetFiles(_workshop.Folder));
        Assert.Equal("0", await SessionsAsync("cancelled"));
    }

    [Fact(Timeout = 240_000)]
    public async Task A_dump_whose_session_is_ended_leaves_no_file_and_says_why()
    {
        var server = await production.CreateLargeAsync("ended", Cancellation);
        var taking = _workshop.TakeAsync(server, Cancellation);
        while (!new DirectoryInfo(_workshop.Folder).EnumerateFiles("*.part").Any(file => file.Length > 1_000_000))
            await Task.Delay(2, Cancellation);
        await production.Server.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'ended' AND application_name LIKE '%-dump';", Cancellation);
        var error = await Assert.ThrowsAsync<PostgresException>(() => taking);
        Assert.Contains("pg_dump of ended", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_workshop.Folder));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_table_that_somebody_has_locked_stops_the_backup_in_time()
    {
        var server = await production.CreateAsync("locked", "CREATE TABLE held (a int);", Cancellation);
        await using var holder = await server.OpenAsync("holder", Cancellation);
        await holder.ExecuteAsync("BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE;", Cancellation);
        var error = await Assert.ThrowsAsync<PostgresException>(
            () => _workshop.TakeAsync(server, Cancellation, request => request with { LockWait = TimeSpan.FromMilliseconds(300) }));
        Assert.Contains("pg_dump of locked", error.Message, StringComparison.Ordinal);
        Assert.Contains("pg_locks", error.Hint, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_workshop.Folder));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_dry_run_says_the_command_without_secrets_and_writes_nothing()
    {
        using var said = new StringWriter();
        var shell = new Shell(new Narration(said, new Secrets()), Journal.None, dryRun: true);
        var server = new PostgresServer(production.Server.Address with { User = "scram_user", Password = ProductionDatabase.Password }, shell);
        Assert.Null(await new DatabaseBackup(server, shell).TakeAsync(new BackupRequest(_workshop.Folder, "dry"), Cancellation));
        Assert.Contains("docker exec --interactive --env PGPASSWORD", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("sha256sum pg_cleaning_", said.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(ProductionDatabase.Password, said.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_workshop.Folder));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_line_that_a_person_could_paste_makes_a_dump_that_verifies()
    {
        using var said = new StringWriter();
        var shell = new Shell(new Narration(said, new Secrets()), Journal.None, dryRun: true);
        await new DatabaseBackup(new PostgresServer(production.Server.Address, shell), shell).TakeAsync(new BackupRequest(_workshop.Folder, "dry"), Cancellation);
        var line = said.ToString().Split('\n').Single(each => each.StartsWith("  $ ", StringComparison.Ordinal))[4..];
        await Shell.Quiet.ReadAsync(new Command("sh", "-c", line), Cancellation);
        await _workshop.VerifyAsync(Directory.GetFiles(_workshop.Folder, "*.dump").Single(), VerifyLevel.Decode, Cancellation);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_runbooks_own_script_is_run_without_pruning_and_its_dump_found()
    {
        var script = Path.Combine(_workshop.Folder, "backup_pg.sh");
        var old = Path.Combine(_workshop.Folder, "pg_cleaning_20200101T000000Z.dump");
        await File.WriteAllTextAsync(old, "old", Cancellation);
        await File.WriteAllTextAsync(script,
            $"""
            #!/bin/sh
            set -eu
            dump="$BACKUP_DIR/pg_$POSTGRES_DB""_$(date -u +%Y%m%dT%H%M%SZ).dump"
            docker exec {production.Container} pg_dump -Fc -U "$POSTGRES_USER" "$POSTGRES_DB" > "$dump"
            sha256sum "$dump" > "$dump.sha256"
            test "$1" = 'two words'
            if [ "$RETENTION_DAYS" -gt 0 ]; then rm "{old}"; fi
            """, Cancellation);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var backup = (await new ScriptBackup(Shell.Quiet).TakeAsync(
            CommandLine.Split("./backup_pg.sh 'two words'"), _workshop.Folder, production.Server.Address, new BackupRequest(_workshop.Folder, "r"), [], Cancellation))!;
        Assert.True(File.Exists(old));
        Assert.NotEqual(old, backup.File);
        var verified = await _workshop.VerifyAsync(backup.File, VerifyLevel.Restore, Cancellation);
        Assert.Equal(["b2c3d4"], verified.Revisions!);
        Assert.Equal(backup.File, BackupCatalog.LatestVerified(_workshop.Folder, "cleaning", VerifyLevel.Restore)?.File);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_script_that_makes_no_dump_is_an_error()
    {
        var error = await Assert.ThrowsAsync<RunbookException>(() => new ScriptBackup(Shell.Quiet).TakeAsync(
            ["true"], _workshop.Folder, production.Server.Address, new BackupRequest(_workshop.Folder, "r"), [], Cancellation));
        Assert.Contains("found none", error.Message, StringComparison.Ordinal);
    }

    private Task<string?> SessionsAsync(string database) => production.Server.ScalarAsync(
        $"SELECT count(*) FROM pg_stat_activity WHERE datname = {SqlText.Literal(database)}", Cancellation);
}
