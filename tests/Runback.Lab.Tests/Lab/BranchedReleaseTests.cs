using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Lab;

/// <summary>The releases whose migrations branch, merge, fail halfway, look at the database or take several steps: each behaves as its description says.</summary>
[Tier(Tier.Thorough)]
[Collection("lab")]
public sealed class BranchedReleaseTests(LabFixture lab)
{
    private const string Rows = "SELECT string_agg(version_num, ',' ORDER BY version_num) FROM alembic_version";
    private const string InvalidIndexes = "SELECT coalesce(string_agg(indexrelid::regclass::text, ','), '') FROM pg_index WHERE NOT indisvalid";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 900_000)]
    public async Task Merged_branches_leave_one_head_and_the_merge_alone_can_be_taken_back()
    {
        await lab.DeployFreshAsync("2026-01-05-rc1");

        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal("62a3aae8ec3d", await lab.QueryAsync(Rows));
        await DowngradeAsync("ab04c2bafff7");
        Assert.Equal("ab04c2bafff7,f9d4df2db07e", await lab.QueryAsync(Rows));
        await DowngradeAsync("a7d24c6e1b93");
        Assert.Equal("a7d24c6e1b93", await lab.QueryAsync(Rows));
        Assert.Equal("t", await lab.QueryAsync("SELECT to_regclass('booking_photos') IS NULL"));
    }

    [Fact(Timeout = 900_000)]
    public async Task Branches_that_are_not_merged_leave_two_heads_and_the_application_is_ready()
    {
        await lab.DeployFreshAsync("2026-01-06-rc1");

        var (status, payload) = await lab.ReadyAsync(200);
        Assert.Equal(200, status);
        var detail = LabFixture.Check(payload, "migrations").GetProperty("detail");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, detail.GetProperty("expected_head").ValueKind);
        Assert.Equal(["ab04c2bafff7", "f9d4df2db07e"], detail.GetProperty("expected_heads").EnumerateArray().Select(head => head.GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal("ab04c2bafff7,f9d4df2db07e", await lab.QueryAsync(Rows));
        Assert.Equal(200, (await lab.GetAsync("/customers/1")).Status);
        // One branch by its label, the other one stays.
        await DowngradeAsync("photos@a7d24c6e1b93");
        Assert.Equal("f9d4df2db07e", await lab.QueryAsync(Rows));
    }

    [Fact(Timeout = 900_000)]
    public async Task A_migration_outside_a_transaction_fails_halfway_and_goes_on_once_its_cause_and_the_invalid_index_are_gone()
    {
        await lab.DeployFreshAsync("2025-12-15-rc1");

        var failed = await Assert.ThrowsAsync<RunbookException>(() => lab.Stack.DeployAsync("2026-01-07-rc1", reset: false, Cancellation));

        Assert.Contains("`alembic upgrade heads` of 2026-01-07-rc1", failed.Message, StringComparison.Ordinal);
        Assert.Contains("is duplicated", failed.Message, StringComparison.Ordinal);
        Assert.Contains("nothing is pinned", failed.Hint, StringComparison.Ordinal);
        Assert.Contains("IMAGE_TAG=2025-12-15-rc1\n", await File.ReadAllTextAsync(Path.Combine(lab.Options.Directory, ".env"), Cancellation), StringComparison.Ordinal);
        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        // The first steps are done, though the version says that nothing is.
        Assert.Equal("a7d24c6e1b93", await lab.QueryAsync(Rows));
        Assert.Equal("called", await lab.QueryAsync("SELECT attname FROM pg_attribute WHERE attrelid = 'customers'::regclass AND attname = 'called'"));
        Assert.Equal("uq_customers_name", await lab.QueryAsync(InvalidIndexes));

        // Running it again with the cause gone and the invalid index kept would skip the index and leave it invalid.
        await lab.QueryAsync("UPDATE customers c SET name = name || ' ' || id WHERE EXISTS (SELECT FROM customers o WHERE o.name = c.name AND o.id < c.id)");
        await lab.QueryAsync("DROP INDEX CONCURRENTLY uq_customers_name");
        await lab.Stack.DeployAsync("2026-01-07-rc1", reset: false, Cancellation);

        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal("771c32185492", await lab.QueryAsync(Rows));
        Assert.Equal("", await lab.QueryAsync(InvalidIndexes));
        await DowngradeAsync("a7d24c6e1b93");
        Assert.Equal("0", await lab.QueryAsync("SELECT count(*) FROM pg_class WHERE relname IN ('uq_customers_name', 'ix_customers_phone')"));
    }

    [Fact(Timeout = 900_000)]
    public async Task A_migration_that_looks_at_the_database_moves_notes_there_and_back_and_has_no_offline_script()
    {
        await lab.DeployFreshAsync("2026-01-08-rc1");

        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal("4000", await lab.QueryAsync("SELECT count(*) FROM bookings WHERE entry_instructions = access_notes"));
        var offline = await AlembicAsync("upgrade", "a7d24c6e1b93:heads", "--sql");
        Assert.False(offline.Succeeded);
        Assert.Contains("NoInspectionAvailable", offline.Output + offline.Error, StringComparison.Ordinal);

        await lab.QueryAsync("UPDATE bookings SET entry_instructions = 'Side door.' WHERE id = 1");
        await DowngradeAsync("a7d24c6e1b93");
        Assert.Equal("Side door.", await lab.QueryAsync("SELECT access_notes FROM bookings WHERE id = 1"));
        Assert.Equal("4000", await lab.QueryAsync("SELECT count(access_notes) FROM bookings"));
        // Where the column is there already, it is left as it is.
        await lab.QueryAsync("ALTER TABLE bookings ADD COLUMN entry_instructions text");
        await lab.Stack.DeployAsync("2026-01-08-rc1", reset: false, Cancellation);
        Assert.Equal("7b52f41673e5", await lab.QueryAsync(Rows));
    }

    [Fact(Timeout = 900_000)]
    public async Task The_longer_release_mends_the_bug_and_is_four_migrations_after_the_good_one()
    {
        await lab.DeployFreshAsync("2026-01-09-rc1");

        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal(200, (await lab.GetAsync("/bookings/5")).Status);
        Assert.Equal("t|t", await lab.QueryAsync(
            "SELECT to_regclass('loyalty_events') IS NULL, attnotnull FROM pg_attribute WHERE attrelid = 'customers'::regclass AND attname = 'phone'"));
        var history = await AlembicAsync("history", "--rev-range", "a7d24c6e1b93:heads");
        Assert.Equal(["46aac368e777", "b0f90ac3b6cb", "d18e47b06c52", "0c9f5ae27d41", "a7d24c6e1b93"],
            history.Output.Split('\n').Where(line => line.Contains(" -> ", StringComparison.Ordinal)).Select(line => line.Split(" -> ")[1].Split(' ', ',')[0]));
        await DowngradeAsync("a7d24c6e1b93");
        Assert.Equal("a7d24c6e1b93", await lab.QueryAsync(Rows));
        Assert.Equal("f", await lab.QueryAsync("SELECT attnotnull FROM pg_attribute WHERE attrelid = 'customers'::regclass AND attname = 'phone'"));
    }

    private async Task DowngradeAsync(string revision)
    {
        var result = await AlembicAsync("downgrade", revision);
        Assert.True(result.Succeeded, result.Complaint);
    }

    private Task<CommandResult> AlembicAsync(params string[] arguments) => lab.Compose(["run", "--rm", "--no-deps", "-T", "api", "alembic", .. arguments]);
}
