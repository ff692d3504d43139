using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Emergency strategies that were killed after the database had moved: what the next run says, and what it finishes.</summary>
[Tier(Tier.Thorough)]
[Collection("lab")]
public sealed class TakeoverTests(LabFixture lab)
{
    private readonly Production _production = new(lab);

    [Fact(Timeout = 900_000)]
    public async Task A_downgrade_that_was_killed_after_the_database_had_moved_is_finished_as_a_downgrade()
    {
        await _production.BringAsync(Production.Breaking, migratedBy: Production.Breaking);
        var command = Production.Rollback(Production.Good, "Downgrade", "--accept-data-loss");
        await KillAsync(command, "with the schema that the rehearsal ended in");
        Assert.Equal(Production.GoodRevision, await _production.RevisionAsync());
        var status = await _production.RunAsync("Status");
        Assert.Contains($"cleaning at {Production.GoodRevision}, then at {Production.BreakingRevision}", status.Text("takeover"), StringComparison.Ordinal);

        var again = await _production.RunAsync(command);

        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(("Done", "Downgrade"), (again.Text("outcome"), again.Text("strategy")));
        Assert.Equal((Production.Breaking, Production.Good), (again.Text("from", "tag"), again.Text("to", "tag")));
        Assert.Contains($"(Rollback to {Production.Good}, by {Environment.UserName}@", again.Said, StringComparison.Ordinal);
        Assert.Contains("was ended halfway. The last change that", again.Said, StringComparison.Ordinal);
        Assert.Contains("the database part of Downgrade is done already", again.Said, StringComparison.Ordinal);
        await _production.AssertRunsAsync(Production.Good);
        await _production.AssertNothingLeftAsync();
    }

    [Fact(Timeout = 1_200_000)]
    public async Task A_restore_that_was_killed_twice_after_the_swap_swaps_nothing_again_and_is_returned_from_whole()
    {
        await _production.BringAsync(Production.Good, migratedBy: Production.Good);
        var good = await _production.BookingsAsync();
        Assert.Equal(0, (await _production.RunAsync("Backup")).ExitCode);
        await _production.DeployAsync(Production.Breaking);
        var late = await _production.BookAsync("7 Late Lane");
        var broken = await _production.BookingsAsync();
        var command = Production.Rollback(Production.Good, "Restore", "--accept-data-loss");
        await KillAsync(command, "is now the backup");
        await KillAsync(command, "had put ");
        Assert.Equal(good, await _production.BookingsAsync());

        var again = await _production.RunAsync(command);

        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Equal(("Done", "Restore"), (again.Text("outcome"), again.Text("strategy")));
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal("1", await Kept());
        Assert.Equal(good, await _production.BookingsAsync());
        Assert.Equal(1, again.Json["rowsSince"]!["tables"]!.AsArray().Single(each => each!["table"]!.ToString() == "bookings")!["since"]!.GetValue<long>());

        var back = await _production.RunAsync("Return");
        Assert.True(back.ExitCode == 0, back.ToString());
        Assert.Equal(Production.BreakingRevision, await _production.RevisionAsync());
        await _production.AssertRunsAsync(Production.Breaking);
        Assert.Equal("0", await Kept());
        Assert.Equal(broken, await _production.BookingsAsync());
        Assert.Equal("1", await lab.QueryAsync($"SELECT count(*) FROM bookings WHERE id = {late}"));
        foreach (var aside in (await lab.QueryAsync("SELECT string_agg(datname, ',') FROM pg_database WHERE datname LIKE 'cleaning\\_restored\\_%'")).Split(',', StringSplitOptions.RemoveEmptyEntries))
            await lab.QueryAsync($"DROP DATABASE \"{aside}\"");
    }

    private Task<string> Kept() => lab.QueryAsync("SELECT count(*) FROM pg_database WHERE datname LIKE 'cleaning\\_before\\_%'");

    private async Task KillAsync(string[] command, string moment)
    {
        using (var killed = _production.Start(command))
        {
            await killed.SaysAsync(moment);
            killed.Kill();
            await killed.EndAsync();
        }
        await _production.UnlockedAsync();
    }
}
