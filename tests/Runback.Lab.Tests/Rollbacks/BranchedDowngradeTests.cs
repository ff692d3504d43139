using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Downgrades through histories that branch and merge.</summary>
[Tier(Tier.Thorough)]
[Collection("lab")]
public sealed class BranchedDowngradeTests(LabFixture lab)
{
    private readonly Production _production = new(lab);

    [Fact(Timeout = 1_200_000)]
    public async Task The_merge_alone_is_undone_and_then_both_branches()
    {
        await _production.BringAsync(Production.Merged, migratedBy: Production.Merged);
        var bookings = await _production.BookingsAsync();

        await DowngradeAsync(Production.TwoHeads, "ab04c2bafff7,f9d4df2db07e");
        await DowngradeAsync(Production.Good, Production.GoodRevision);

        Assert.Equal(bookings, await _production.BookingsAsync());
        await _production.AssertNothingLeftAsync();
    }

    [Fact(Timeout = 1_200_000)]
    public async Task A_merge_and_its_branches_are_undone_at_once()
    {
        await _production.BringAsync(Production.Merged, migratedBy: Production.Merged);

        await DowngradeAsync(Production.Good, Production.GoodRevision);

        await _production.AssertNothingLeftAsync();
    }

    private async Task DowngradeAsync(string release, string revisions)
    {
        var downgrade = await _production.RunAsync(Production.Rollback(release, "Downgrade", "--accept-data-loss"));

        Assert.True(downgrade.ExitCode == 0, downgrade.ToString());
        Assert.Equal(revisions, await _production.RevisionAsync());
        await _production.AssertRunsAsync(release);
        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
    }
}
