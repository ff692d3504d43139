using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Downgrades that don't end as rehearsed: the application ends up on the release that fits the database that is there.</summary>
[Collection("lab")]
public sealed class FailedDowngradeTests(LabFixture lab)
{
    private readonly Production _production = new(lab);

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
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

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
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

    private async Task BringAsync(string release) => await _production.BringAsync(release, migratedBy: release);
}
