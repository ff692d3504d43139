using Runback.Runbook.Databases;
using Runback.Runbook.Processes;
using Runback.Runbook.Restores;

namespace Runback.Lab.Tests.Restores;

[Collection(nameof(RestoreServer))]
public sealed class RestoreTests(RestoreServer postgres) : IDisposable
{
    private const string Whole =
        """
        SELECT jsonb_build_object('owner', pg_get_userbyid(datdba), 'encoding', encoding, 'collate', datcollate, 'ctype', datctype, 'provider', datlocprovider,
               'locale', datlocale, 'limit', datconnlimit, 'acl', (SELECT array_agg(a ORDER BY a) FROM unnest(datacl::text[]) a), 'comment', shobj_description(oid, 'pg_database'),
               'settings', (SELECT array_agg(setconfig::text ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = oid), 'open', datallowconn)
        FROM pg_database WHERE datname = current_database()
        """;

    private const string Inside =
        """
        SELECT jsonb_build_object('customers', (SELECT count(*) FROM customers), 'version', (SELECT version_num FROM alembic_version),
               'extension', (SELECT extversion FROM pg_extension WHERE extname = 'pg_trgm'), 'owner', (SELECT tableowner FROM pg_tables WHERE tablename = 'customers'),
               'reads', has_table_privilege('reader', 'customers', 'SELECT'), 'sequence', (SELECT last_value FROM customers_id_seq),
               'objects', (SELECT count(*) FROM pg_largeobject_metadata), 'path', current_setting('search_path'), 'tenant', current_setting('shop.tenant'))
        """;

    private readonly RestoreWorkshop _workshop = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workshop.Dispose();

    [Tier(Tier.Default)]
    [Fact(Timeout = 240_000)]
    public async Task A_restore_brings_the_older_dump_back_and_keeps_what_was_there_with_all_its_rows()
    {
        var server = await postgres.CreateAsync("changed", Cancellation);
        var (whole, inside) = (await server.ScalarAsync(Whole, Cancellation), await server.ScalarAsync(Inside, Cancellation));
        var backup = await _workshop.DumpAsync(server, Cancellation);
        await server.ExecuteAsync("INSERT INTO customers (name) VALUES ('new'); UPDATE alembic_version SET version_num = 'b2'; DROP TABLE ledger;", Cancellation);
        var run = _workshop.Begin();
        var restore = new DatabaseRestore(server, run);

        var restored = await restore.PrepareAsync(new RestorePlan(backup.File), Cancellation);
        Assert.Equal("b2", await server.ScalarAsync("SELECT version_num FROM alembic_version", Cancellation));
        Assert.Equal(RestoreNames.Scratch("changed", run.Id), restored.Name);
        Assert.Equal(["a1"], restored.Revisions!);
        Assert.Empty(restored.Content!.DifferencesFrom(backup.Facts!));
        Assert.Empty(await RestoreWorkshop.CopiesAsync(server, Cancellation));
        Assert.Equal(RestoreStage.Ready, (await RestoreState.ReadAsync(server, Cancellation)).StageOf(run.Id));

        var swapped = await restore.SwapAsync(restored, Cancellation);
        Assert.Equal(RestoreNames.Before("changed", run.Id), swapped.Kept);
        Assert.Equal(whole, await server.ScalarAsync(Whole, Cancellation));
        Assert.Equal(inside, await server.ScalarAsync(Inside, Cancellation));
        await server.ExecuteAsync("INSERT INTO customers (name) VALUES ('next');", Cancellation);
        Assert.Equal("101", await server.ScalarAsync("SELECT max(id) FROM customers", Cancellation));
        Assert.Equal(RestoreStage.Before, (await RestoreState.ReadAsync(server, Cancellation)).StageOf(run.Id));

        var kept = server.On(swapped.Kept);
        Assert.Equal("101", await kept.ScalarAsync("SELECT count(*) FROM customers", Cancellation));
        Assert.Equal("b2", await kept.ScalarAsync("SELECT version_num FROM alembic_version", Cancellation));
        Assert.Contains("read-only", (await Assert.ThrowsAsync<PostgresException>(() => kept.ExecuteAsync("DELETE FROM customers;", Cancellation))).Message, StringComparison.Ordinal);
        var app = new PostgresServer(kept.Address with { User = "app" }, Shell.Quiet);
        Assert.Contains("too many connections", (await Assert.ThrowsAsync<PostgresException>(() => app.ScalarAsync("SELECT 1", Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal("1", await new PostgresServer(server.Address with { User = "app" }, Shell.Quiet).ScalarAsync("SELECT 1", Cancellation));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 240_000)]
    public async Task The_statistics_are_there_when_the_restored_database_takes_over()
    {
        var server = await postgres.CreateAsync("statistics", Cancellation);
        await RestoreWorkshop.RestoreAsync(server, (await _workshop.DumpAsync(server, Cancellation)).File, _workshop.Begin(), Cancellation);
        Assert.Equal("100", await server.ScalarAsync("SELECT reltuples::int FROM pg_class WHERE relname = 'customers'", Cancellation));
        Assert.NotEqual("0", await server.ScalarAsync("SELECT count(*) FROM pg_stats WHERE tablename = 'customers'", Cancellation));
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 240_000)]
    public async Task Swapping_back_brings_the_old_database_as_it_was_and_keeps_the_restored_one()
    {
        var server = await postgres.CreateAsync("returned", Cancellation);
        var backup = await _workshop.DumpAsync(server, Cancellation);
        await server.ExecuteAsync("UPDATE alembic_version SET version_num = 'b2';", Cancellation);
        var (whole, inside) = (await server.ScalarAsync(Whole, Cancellation), await server.ScalarAsync(Inside, Cancellation));
        var run = _workshop.Begin();
        await RestoreWorkshop.RestoreAsync(server, backup.File, run, Cancellation);

        // Another process, which knows the run's id only.
        var later = new DatabaseRestore(server, _workshop.Begin());
        await later.SwapBackAsync((await later.FindAsync(run.Id, Cancellation))!, Cancellation);
        Assert.Equal(whole, await server.ScalarAsync(Whole, Cancellation));
        Assert.Equal(inside, await server.ScalarAsync(Inside, Cancellation));
        await server.ExecuteAsync("INSERT INTO customers (name) VALUES ('writable');", Cancellation);
        Assert.Equal("a1", await server.On(RestoreNames.Returned("returned", run.Id)).ScalarAsync("SELECT version_num FROM alembic_version", Cancellation));
        Assert.Equal(RestoreStage.Returned, (await RestoreState.ReadAsync(server, Cancellation)).StageOf(run.Id));
        Assert.Null(await later.FindAsync(run.Id, Cancellation));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 240_000)]
    public async Task The_lines_for_a_person_look_swap_back_and_remove_when_they_are_pasted()
    {
        var server = await postgres.CreateAsync("by 'hand'", Cancellation);
        var backup = await _workshop.DumpAsync(server, Cancellation);
        var (whole, swapped) = (await server.ScalarAsync(Whole, Cancellation), await RestoreWorkshop.RestoreAsync(server, backup.File, _workshop.Begin(), Cancellation));
        Assert.Contains("t\n", await PasteAsync("printf '\\\\pset pager off\\nSELECT pg_is_in_recovery() IS NOT NULL AS x;' | " + swapped.LookCommand.Replace(" --tty", "", StringComparison.Ordinal) + " -qtA"), StringComparison.Ordinal);
        await PasteAsync(swapped.ReturnCommand);
        Assert.Equal(whole, await server.ScalarAsync(Whole, Cancellation));
        Assert.DoesNotContain((await RestoreState.ReadAsync(server, Cancellation)).Marked, each => each.Mark.Stage == RestoreStage.Before);

        var again = await RestoreWorkshop.RestoreAsync(server, backup.File, _workshop.Begin(), Cancellation);
        await PasteAsync(again.RemoveCommand);
        Assert.Empty((await RestoreState.ReadAsync(server, Cancellation)).Kept);
    }

    [Tier(Tier.Thorough)]
    [Theory(Timeout = 240_000)]
    [InlineData("it's a \"shop\"; DROP")]
    [InlineData("host=elsewhere dbname=x")]
    [InlineData("postgresql://elsewhere/x")]
    [InlineData("Büchermarkt-Zürich-mit-einem-sehr-langen-Namen-der-63-Byte-braucht")]
    [InlineData("-Uapp \\ :x $$")]
    public async Task Any_name_of_a_database_is_taken_as_it_is(string name)
    {
        // 63 bytes at most, cut as PostgreSQL would.
        while (System.Text.Encoding.UTF8.GetByteCount(name) > RestoreNames.MaximumBytes)
            name = name[..^1];
        var server = await postgres.CreateAsync(name, Cancellation);
        var backup = await _workshop.DumpAsync(server, Cancellation);
        var before = await server.ScalarAsync(Inside, Cancellation);
        var run = _workshop.Begin();
        var swapped = await RestoreWorkshop.RestoreAsync(server, backup.File, run, Cancellation);
        Assert.EndsWith("_before_" + run.Id, swapped.Kept, StringComparison.Ordinal);
        Assert.Equal(before, await server.ScalarAsync(Inside, Cancellation));
        Assert.Equal(before, await server.On(swapped.Kept).ScalarAsync(Inside, Cancellation));
        await new DatabaseRestore(server, run).SwapBackAsync(swapped, Cancellation);
        Assert.Equal(before, await server.ScalarAsync(Inside, Cancellation));
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 240_000)]
    public async Task A_dry_run_prints_every_command_and_changes_nothing()
    {
        var server = await postgres.CreateAsync("dry", Cancellation);
        var backup = await _workshop.DumpAsync(server, Cancellation);
        var before = await RestoreWorkshop.CatalogAsync(server, Cancellation);
        var swapped = await RestoreWorkshop.RestoreAsync(server, backup.File, _workshop.Begin(dryRun: true), Cancellation);
        Assert.Equal(before, await RestoreWorkshop.CatalogAsync(server, Cancellation));
        Assert.Empty(await RestoreWorkshop.CopiesAsync(server, Cancellation));
        var said = _workshop.Said.ToString();
        foreach (var line in new[] { "cat >", "CREATE DATABASE", "pg_restore", "vacuumdb", "RENAME TO", swapped.Kept, "rm -f /tmp/runback-restore-" })
            Assert.Contains(line, said, StringComparison.Ordinal);
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 240_000)]
    public async Task What_the_run_printed_does_the_same_when_a_person_pastes_it()
    {
        var server = await postgres.CreateAsync("pasted", Cancellation);
        var backup = await _workshop.DumpAsync(server, Cancellation);
        var whole = await server.ScalarAsync(Whole, Cancellation);
        await server.ExecuteAsync("UPDATE alembic_version SET version_num = 'b2';", Cancellation);
        await RestoreWorkshop.RestoreAsync(server, backup.File, _workshop.Begin(dryRun: true), Cancellation);
        foreach (var line in _workshop.Said.ToString().Split('\n').Where(line => line.StartsWith("  $ ", StringComparison.Ordinal)))
            await PasteAsync(line[4..]);
        Assert.Equal("a1", await server.ScalarAsync("SELECT version_num FROM alembic_version", Cancellation));
        Assert.Equal(whole, await server.ScalarAsync(Whole, Cancellation));
    }

    private static async Task<string> PasteAsync(string line)
    {
        var result = await Shell.Quiet.TryAsync(new Command("sh", "-c", line), Cancellation);
        Assert.True(result.Succeeded, $"{line}\n{result.Error}");
        return result.Output;
    }
}
