using Runback.Lab.Tests.Lab;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>A deploy whose migration failed midway, by the program itself: what is applied is told, and the rest runs once nothing is in its way.</summary>
[Tier(Tier.Default)]
[Collection("lab")]
public sealed class InterruptedMigrationTests(LabFixture lab)
{
    private readonly Production _production = new(lab);

    [Fact(Timeout = 900_000)]
    public async Task What_is_applied_is_told_and_the_same_command_runs_the_rest_while_the_application_serves()
    {
        await lab.DeployFreshAsync(Production.Good);
        await Assert.ThrowsAsync<RunbookException>(() => _production.DeployAsync(Production.Halfway));
        var before = await ContainersAsync();

        var refused = await _production.RunAsync("UpgradeDatabase", "--tag", Production.Halfway);

        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains("uq_customers_name", refused.Complaint, StringComparison.Ordinal);
        Assert.Contains("Not applied: 771c32185492", refused.Said, StringComparison.Ordinal);
        Assert.Matches(@"done +add column customers\.called", refused.Said);
        Assert.Matches(@"done +create index ix_customers_phone", refused.Said);
        Assert.Equal(Production.GoodRevision, await _production.RevisionAsync());

        await lab.QueryAsync("UPDATE customers c SET name = name || ' ' || id WHERE EXISTS (SELECT FROM customers o WHERE o.name = c.name AND o.id < c.id)");
        await lab.QueryAsync("DROP INDEX CONCURRENTLY uq_customers_name");
        var done = await _production.RunAsync("UpgradeDatabase", "--tag", Production.Halfway);

        Assert.True(done.ExitCode == 0, done.ToString());
        Assert.Equal("771c32185492", await _production.RevisionAsync());
        Assert.Equal(["771c32185492"], done.Json["database"]!["after"]!.AsArray().Select(revision => revision!.ToString()));
        Assert.Equal("0", await lab.QueryAsync("SELECT count(*) FROM pg_index WHERE NOT indisvalid"));
        Assert.Equal(before, await ContainersAsync());
        await _production.AssertRunsAsync(Production.Good);
        await _production.AssertNothingLeftAsync();
        Assert.Equal("[]", (await _production.RunAsync("Status")).Json["unfinishedRuns"]!.ToJsonString());

        var again = await _production.RunAsync("UpgradeDatabase", "--tag", Production.Halfway);
        Assert.True(again.ExitCode == 0, again.ToString());
    }

    // Which containers run, and since when: nothing was stopped meanwhile.
    private async Task<string> ContainersAsync()
    {
        var ids = await lab.Docker("ps", "--quiet", "--filter", $"label=com.docker.compose.project={lab.Options.Name}");
        return string.Join('\n', (await lab.Docker(["inspect", "--format", "{{.Name}} {{.State.StartedAt}}", .. ids])).Order(StringComparer.Ordinal));
    }
}
