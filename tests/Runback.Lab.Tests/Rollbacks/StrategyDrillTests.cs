using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Drills of the emergency strategies: under traffic, and no acknowledged write is lost.</summary>
[Collection("lab")]
public sealed class StrategyDrillTests(LabFixture lab)
{
    private readonly Production _production = new(lab);

    [Theory(Timeout = 1_200_000)]
    [InlineData("Downgrade", Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData("Restore", Traits = [TierAttribute.Trait, "thorough"])]
    public async Task An_emergency_strategy_is_drilled_and_every_acknowledged_write_is_found(string strategy)
    {
        var drill = await _production.RunAsync("Drill", "--strategy", strategy, "--drill-from", Production.Breaking);

        Assert.True(drill.ExitCode == 0, drill.ToString());
        Assert.Equal(("Done", Production.Breaking, Production.Good), (drill.Text("outcome"), drill.Text("from"), drill.Text("to")));
        Assert.Contains($"{strategy}Database", drill.Json["steps"]!.AsArray().Select(step => step!["name"]!.ToString()));
        var writes = drill.Json["writes"]!;
        Assert.True(writes["acknowledged"]!.GetValue<int>() > 0, drill.Output);
        Assert.Empty(writes["lost"]!.AsArray());
        Assert.Equal(strategy == "Restore", writes["putAside"]!.GetValue<int>() > 0);
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal(Production.GoodRevision, await _production.RevisionAsync());
        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        if (strategy == "Restore")
        {
            // What the backup held of the lab's 4,000 bookings is there row for row, with its prices; what was booked since has higher numbers.
            const string Held = "SELECT count(*) || ' ' || md5(string_agg(concat_ws('|', id, price_cents, address), ',' ORDER BY id)) FROM bookings";
            var drilled = await lab.QueryAsync(Held + " WHERE id <= 4000");
            await lab.DeployFreshAsync(Production.Good);
            Assert.Equal(await lab.QueryAsync(Held), drilled);
        }
        await _production.AssertNothingLeftAsync();
    }
}
