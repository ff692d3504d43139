using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Downgrades that meet a lock or are killed: the application ends up on the release that fits the database that is there.</summary>
[Collection("lab")]
public sealed class FailedDowngradeTests(LabFixture lab)
{
    private readonly Production _production = new(lab);

    [Fact(Timeout = 300_000)]
    public async Task A_lock_that_comes_back_ends_the_downgrade_in_time_and_the_release_before_serves_again()
    {
        await BringAsync(Production.Breaking);
        var bookings = await _production.BookingsAsync();
        await LockAgainAndAgainAsync();
        Ended downgrade;
        try
        {
            downgrade = await _production.RunAsync(Production.Rollback(Production.Good, "Downgrade", "--accept-data-loss"));
        }
        finally
        {
            await UnlockAsync();
        }

        Assert.True(downgrade.ExitCode == 4, downgrade.ToString());
        Assert.Equal("Returned", downgrade.Text("outcome"));
        Assert.Contains("lock timeout", downgrade.Complaint, StringComparison.Ordinal);
        Assert.Contains($"still at {Production.BreakingRevision}", downgrade.Complaint, StringComparison.Ordinal);
        Assert.Contains("runback-test-lock", downgrade.Complaint, StringComparison.Ordinal);
        await _production.AssertRunsAsync(Production.Breaking);
        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal(Production.BreakingRevision, await _production.RevisionAsync());
        Assert.Equal(bookings, await _production.BookingsAsync());
        await _production.AssertNothingLeftAsync();
        Assert.Equal("[]", (await _production.RunAsync("Status")).Json["unfinishedRuns"]!.ToJsonString());
        var after = await _production.SnapshotAsync();
        await _production.UpAsync();
        Assert.Equal(after, await _production.SnapshotAsync());
    }

    [Fact(Timeout = 300_000)]
    public async Task A_schema_that_somebody_changed_since_the_rehearsal_is_noticed_and_the_release_that_fits_is_started()
    {
        await BringAsync(Production.Breaking);
        Ended downgrade;
        using (var program = _production.Start(Production.Rollback(Production.Good, "Downgrade", "--accept-data-loss")))
        {
            await program.SaysAsync("the downgrade: works");
            await lab.QueryAsync("ALTER TABLE customers ADD COLUMN sneaked text");
            downgrade = await program.EndAsync();
        }

        Assert.True(downgrade.ExitCode == 5, downgrade.ToString());
        Assert.Contains("expected the schema that the rehearsal ended in", downgrade.Complaint, StringComparison.Ordinal);
        Assert.Contains("sneaked", downgrade.Complaint, StringComparison.Ordinal);
        Assert.Equal([Production.GoodRevision], downgrade.Json["database"]!["after"]!.AsArray().Select(revision => revision!.ToString()));
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        await _production.AssertNothingLeftAsync();
        await lab.QueryAsync("ALTER TABLE customers DROP COLUMN sneaked");
    }

    [Fact(Timeout = 300_000)]
    public async Task A_downgrade_that_was_interrupted_after_it_had_changed_the_database_leaves_the_release_that_fits_and_says_so()
    {
        await BringAsync(Production.Breaking);
        Ended downgrade;
        using (var program = _production.Start(Production.Rollback(Production.Good, "Downgrade", "--accept-data-loss")))
        {
            await program.SaysAsync("api alembic downgrade");
            program.Signal("INT");
            downgrade = await program.EndAsync();
        }

        Assert.Equal("Failed", downgrade.Text("outcome"));
        Assert.Contains($"left at {Production.GoodRevision}", downgrade.Complaint, StringComparison.Ordinal);
        Assert.Equal(Production.GoodRevision, await _production.RevisionAsync());
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        await _production.AssertNothingLeftAsync();
    }

    [Theory(Timeout = 400_000)]
    [InlineData("api alembic downgrade")]
    [InlineData(" stop api")]
    [InlineData("up --detach")]
    public async Task A_downgrade_that_was_killed_is_shown_by_status_and_finished_by_the_same_command(string moment)
    {
        await BringAsync(Production.Breaking);
        var bookings = await _production.BookingsAsync();
        using (var killed = _production.Start(Production.Rollback(Production.Good, "Downgrade", "--accept-data-loss")))
        {
            await killed.SaysAsync(moment);
            killed.Kill();
            await killed.EndAsync();
        }
        await _production.UnlockedAsync();
        Assert.Single((await _production.RunAsync("Status")).Json["unfinishedRuns"]!.AsArray());

        var again = await _production.RunAsync(Production.Rollback(Production.Good, "Downgrade", "--accept-data-loss"));

        Assert.True(again.ExitCode == 0, again.ToString());
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal(Production.GoodRevision, await _production.RevisionAsync());
        Assert.Equal(bookings, await _production.BookingsAsync());
        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal("[]", (await _production.RunAsync("Status")).Json["unfinishedRuns"]!.ToJsonString());
        await _production.AssertNothingLeftAsync();
        var after = await _production.SnapshotAsync();
        await _production.UpAsync();
        Assert.Equal(after, await _production.SnapshotAsync());
    }

    private async Task BringAsync(string release) => await _production.BringAsync(release, migratedBy: release);

    // A dump gets by such a lock, a change of the table doesn't. Whoever ends the session meets the next one a second later.
    private async Task LockAgainAndAgainAsync()
    {
        const string Loop = "while [ ! -e /tmp/unlock ]; do PGAPPNAME=runback-test-lock psql -U postgres -d cleaning -qc 'BEGIN; LOCK TABLE bookings IN ACCESS SHARE MODE; SELECT pg_sleep(600)'; sleep 1; done; rm /tmp/unlock";
        var started = await lab.Compose("exec", "--detach", "db", "sh", "-c", Loop);
        Assert.True(started.Succeeded, started.Complaint);
        while (await lab.QueryAsync("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'runback-test-lock'") == "0")
            await Task.Delay(100, TestContext.Current.CancellationToken);
    }

    private async Task UnlockAsync()
    {
        await lab.Compose("exec", "-T", "db", "touch", "/tmp/unlock");
        do
            await lab.QueryAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'runback-test-lock'");
        while ((await lab.Compose("exec", "-T", "db", "ls", "/tmp/unlock")).Succeeded);
    }
}
