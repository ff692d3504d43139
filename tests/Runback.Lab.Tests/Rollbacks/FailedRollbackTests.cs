using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Rollbacks that go wrong: production is never left worse than it was found.</summary>
[Collection("lab")]
public sealed class FailedRollbackTests(LabFixture lab)
{
    private readonly Production _production = new(lab);

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 1_200_000)]
    public async Task From_one_broken_state_into_another_a_person_must_look()
    {
        await _production.BringAsync(Production.Good, migratedBy: Production.Good);
        await lab.Compose("stop", "--timeout", "1", "api");

        var rollback = await _production.RunAsync("Rollback", "--tag", Production.NeverReady, "--health-timeout", "15");

        Assert.True(rollback.ExitCode == 5, rollback.ToString());
        Assert.Equal("Failed", rollback.Text("outcome"));
        Assert.Contains("readiness", rollback.Complaint, StringComparison.Ordinal);
        Assert.StartsWith("# Rollback: Failed \u2013 readiness", File.ReadAllText(rollback.Text("report")!), StringComparison.Ordinal);
        // Serving is better than the silence that was found.
        await _production.AssertRunsAsync(Production.NeverReady);
        await _production.AssertUnlockedAsync();

        // The same, and a release that works, still go ahead from there.
        Assert.Equal(0, (await _production.RunAsync("Rollback", "--tag", Production.Good)).ExitCode);
        await _production.AssertRunsAsync(Production.Good);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_person_who_wants_it_to_stop_finds_it_as_it_failed()
    {
        await _production.BringAsync(Production.Good, migratedBy: Production.Good);

        var rollback = await _production.RunAsync("Rollback", "--tag", Production.NeverReady, "--health-timeout", "5", "--on-failure", "Stop");

        Assert.True(rollback.ExitCode == 5, rollback.ToString());
        Assert.StartsWith("running ", await _production.RunningAsync("api"), StringComparison.Ordinal);
        await _production.AssertUnlockedAsync();
    }

    [Tier(Tier.Default)]
    [Refuses("database history")]
    [Fact(Timeout = 900_000)]
    public async Task A_release_whose_migrations_the_database_lacks_is_a_deploy_and_refused()
    {
        await _production.BringAsync(Production.Good, migratedBy: Production.Good);
        var before = await _production.SnapshotAsync();

        var rollback = await _production.RunAsync("Rollback", "--tag", Production.Bad);

        Assert.True(rollback.ExitCode == 3, rollback.ToString());
        rollback.AssertRefusedBy("database history");
        Assert.Contains(Production.KeptRevision, rollback.Complaint, StringComparison.Ordinal);
        Assert.Contains("that is a deploy", rollback.Complaint, StringComparison.Ordinal);
        Assert.Equal(before, await _production.SnapshotAsync());
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task Over_a_breaking_migration_the_application_alone_never_goes_back()
    {
        await _production.BringAsync(Production.Breaking, migratedBy: Production.Breaking);
        var before = await _production.SnapshotAsync();

        var rollback = await _production.RunAsync("Rollback", "--tag", Production.Good, "--strategy", "AppOnly");

        Assert.True(rollback.ExitCode == 3, rollback.ToString());
        Assert.Contains("Breaking", rollback.Complaint, StringComparison.Ordinal);
        Assert.Contains("bookings", rollback.Complaint, StringComparison.Ordinal);
        Assert.Contains("forward-fix", rollback.Complaint, StringComparison.Ordinal);
        Assert.Equal(before, await _production.SnapshotAsync());
    }
}
