using Runback.Lab.Tests.Backups;
using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Restores;

/// <summary>Whatever is wrong, the catalogs are afterwards what they were, and no copy of a dump is left.</summary>
[Tier(Tier.Default)]
[Collection(nameof(RestoreServer))]
public sealed class RestoreRefusalTests(RestoreServer postgres) : IDisposable
{
    private readonly RestoreWorkshop _workshop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Fact(Timeout = 240_000)]
    public async Task A_truncated_dump_changes_nothing()
    {
        var server = await postgres.CreateAsync("truncated", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        using (var stream = File.OpenWrite(dump))
            stream.SetLength(stream.Length * 6 / 10);
        Assert.Contains("bytes in pg_truncated_", (await RefusedAsync(server, dump)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_dump_that_was_replaced_by_one_of_the_same_size_changes_nothing()
    {
        var server = await postgres.CreateAsync("replaced", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        using (var stream = new FileStream(dump, FileMode.Open, FileAccess.ReadWrite))
        {
            stream.Position = stream.Length / 2;
            var old = stream.ReadByte();
            stream.Position--;
            stream.WriteByte((byte)(old ^ 1));
        }
        Assert.Contains("to have the SHA-256", (await RefusedAsync(server, dump)).Message, StringComparison.Ordinal);
        await BackupWorkshop.ChecksumAsync(dump);
        Assert.Contains("and its checksum to be those of the run", (await RefusedAsync(server, dump)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_dump_without_its_checksum_or_of_another_database_changes_nothing()
    {
        var server = await postgres.CreateAsync("unproven", Cancellation);
        var other = await _workshop.DumpAsync(await postgres.CreateAsync("foreign", Cancellation), Cancellation);
        Assert.Contains("found one of foreign", (await RefusedAsync(server, other.File)).Message, StringComparison.Ordinal);
        File.Delete(other.File + ".sha256");
        Assert.Contains("expected the dump's checksum", (await RefusedAsync(server, other.File)).Message, StringComparison.Ordinal);
        Assert.Contains("expected a dump at", (await RefusedAsync(server, Path.Combine(_workshop.Folder, "none.dump"))).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task Too_little_room_changes_nothing()
    {
        var server = await postgres.CreateAsync("narrow", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        var error = await RefusedAsync(server, dump, new RestorePlan(dump) { Reserve = 1L << 60 });
        Assert.Matches(@"expected 1.* PB free in /var/lib/postgresql/data of .*, found \d", error.Message);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_prepared_transaction_a_slot_and_a_subscription_are_refused_by_name()
    {
        var server = await postgres.CreateAsync("tied", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        await server.ExecuteAsync("BEGIN; INSERT INTO ledger VALUES ('x', 1); PREPARE TRANSACTION 'half-done';", Cancellation);
        try
        {
            Assert.Contains("no prepared transaction in tied, found half-done", (await RefusedAsync(server, dump)).Message, StringComparison.Ordinal);
        }
        finally
        {
            await server.ExecuteAsync("ROLLBACK PREPARED 'half-done';", CancellationToken.None);
        }
        await server.ExecuteAsync("SELECT pg_create_logical_replication_slot('reader_slot', 'pgoutput');", Cancellation);
        try
        {
            Assert.Contains("no logical replication slot in tied, found reader_slot", (await RefusedAsync(server, dump)).Message, StringComparison.Ordinal);
        }
        finally
        {
            await server.ExecuteAsync("SELECT pg_drop_replication_slot('reader_slot');", CancellationToken.None);
        }
        await server.ExecuteAsync("CREATE SUBSCRIPTION feed CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false);", Cancellation);
        Assert.Contains("no subscription in tied, found feed", (await RefusedAsync(server, dump)).Message, StringComparison.Ordinal);
        await server.ExecuteAsync("ALTER SUBSCRIPTION feed SET (slot_name = NONE); DROP SUBSCRIPTION feed;", Cancellation);
    }

    [Fact(Timeout = 240_000)]
    public async Task What_comes_up_between_restore_and_swap_is_refused_and_the_live_database_named()
    {
        var server = await postgres.CreateAsync("late", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        var run = _workshop.Begin();
        var restore = new DatabaseRestore(server, run);
        var restored = await restore.PrepareAsync(new RestorePlan(dump), Cancellation);
        await server.ExecuteAsync("BEGIN; INSERT INTO ledger VALUES ('x', 1); PREPARE TRANSACTION 'late';", Cancellation);
        var before = await RestoreWorkshop.CatalogAsync(server, Cancellation);
        try
        {
            Assert.Contains("found late", (await Assert.ThrowsAsync<RunbookException>(() => restore.SwapAsync(restored, Cancellation))).Message, StringComparison.Ordinal);
            // Even when nobody looks beforehand, the swap happens whole or not at all.
            var maintenance = server.On("template1");
            var statements = SwapStatements.Swap("late", "late_aside", restored.Mark with { Was = restored.Live.Serving }, restored.Name, restored.Live.Serving, false, true);
            var error = await Assert.ThrowsAsync<RunbookException>(() => new DatabaseSwap(maintenance, run).RunAsync("late", restored.Name, [.. statements, "SELECT 1/0"], () => Task.FromResult(false), Cancellation));
            Assert.Contains("the database late is the one that was there before, and takes connections", error.Message, StringComparison.Ordinal);
            Assert.Equal(before, await RestoreWorkshop.CatalogAsync(server, Cancellation));
        }
        finally
        {
            await server.ExecuteAsync("ROLLBACK PREPARED 'late';", CancellationToken.None);
        }
        var failed = await Assert.ThrowsAsync<RunbookException>(() => new DatabaseSwap(server.On("template1"), run).RunAsync(
            "late", restored.Name, ["ALTER DATABASE late RENAME TO late_aside", "ALTER DATABASE nothing RENAME TO late"], () => Task.FromResult(false), Cancellation));
        Assert.Contains("nothing", failed.Message, StringComparison.Ordinal);
        Assert.Equal(before, await RestoreWorkshop.CatalogAsync(server, Cancellation));
        Assert.Equal("30", await server.ScalarAsync("SELECT count(*) FROM ledger", Cancellation));
    }

    [Fact(Timeout = 240_000)]
    public async Task A_role_without_the_rights_is_told_which_are_missing()
    {
        var server = await postgres.CreateAsync("humble", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        var reader = new PostgresServer(server.Address with { User = "reader" }, Shell.Quiet);
        var error = await RefusedAsync(reader, dump);
        Assert.Contains("not create databases, not act as app, the owner, not end sessions", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_role_or_an_extension_that_the_server_lacks_is_named_before_anything_is_made()
    {
        var server = await postgres.CreateAsync("lacking", Cancellation);
        await server.ExecuteAsync("CREATE ROLE gone; CREATE TABLE of_gone (a int); ALTER TABLE of_gone OWNER TO gone;", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        await server.ExecuteAsync("DROP TABLE of_gone; DROP ROLE gone;", Cancellation);
        var error = await RefusedAsync(server, dump);
        Assert.Contains("found none called gone", error.Message, StringComparison.Ordinal);
        Assert.Contains("CREATE ROLE \"gone\"", error.Hint, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_restore_that_fails_halfway_leaves_nothing()
    {
        var server = await postgres.CreateAsync("halfway", Cancellation);
        // Granted to a role that the dump's table of contents doesn't name.
        await server.ExecuteAsync("CREATE ROLE passing; GRANT SELECT ON ledger TO passing;", Cancellation);
        var dump = (await _workshop.DumpAsync(server, Cancellation)).File;
        await server.ExecuteAsync("REVOKE SELECT ON ledger FROM passing; DROP ROLE passing;", Cancellation);
        var error = await RefusedAsync(server, dump);
        Assert.Contains("role \"passing\" does not exist", error.Message, StringComparison.Ordinal);
        Assert.Contains("CREATE ROLE", error.Hint, StringComparison.Ordinal);
    }

    private async Task<RunbookException> RefusedAsync(PostgresServer server, string dump, RestorePlan? plan = null)
    {
        var all = new PostgresServer(server.Address with { User = "postgres" }, Shell.Quiet);
        var before = await RestoreWorkshop.CatalogAsync(all, Cancellation);
        var error = await Assert.ThrowsAnyAsync<RunbookException>(() => new DatabaseRestore(server, _workshop.Begin()).PrepareAsync(plan ?? new RestorePlan(dump), Cancellation));
        Assert.Equal(Outcome.Refused, error.Outcome);
        Assert.NotNull(error.Hint);
        Assert.Equal(before, await RestoreWorkshop.CatalogAsync(all, Cancellation));
        Assert.Empty(await RestoreWorkshop.CopiesAsync(all, Cancellation));
        return error;
    }
}
