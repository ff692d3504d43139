using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Pairs of releases whose histories branch, merge, part or take several steps: what is said of them, and that saying it changes nothing.</summary>
[Collection("second lab")]
public sealed class HistoryTests(SecondLab lab)
{
    private readonly Production _production = new(lab);

    [Theory(Timeout = 900_000)]
    [InlineData(Production.Good, "2025-12-01-rc1=Additive:2", Production.Crashing + "=Additive:0", Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData(Production.Bad, Production.Good + "=Additive:2 Lossy", "2025-12-01-rc1=Additive:4 Lossy", Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData(Production.Breaking, Production.Good + "=Breaking:1 Lossy drop-column rename-column", Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData("2025-12-23-rc1", Production.Good + "=Breaking:1 Raises", Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData(Production.Merged, Production.Good + "=Additive:3", Production.TwoHeads + "=Additive:1", Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData(Production.TwoHeads, Production.Good + "=Additive:2 Lossy", Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData(Production.Inspecting, Production.Good + "=Caution:1 Lossy backfill-column", Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData(Production.Longer, Production.Good + "=Breaking:4 set-not-null", Production.Bad + "=Breaking:2 drop-table set-not-null", Traits = [TierAttribute.Trait, "thorough"])]
    public async Task Each_pair_of_releases_has_its_verdict(string release, params string[] targets)
    {
        await BringAsync(release);
        foreach (var (target, expected) in targets.Select(each => (each.Split('=')[0], each.Split('=')[1].Split(' '))))
        {
            await PullAsync(target);
            var before = await _production.SnapshotAsync();

            var assessed = await _production.RunAsync("Assess", "--tag", target);

            var (verdict, count) = (expected[0].Split(':')[0], expected[0].Split(':')[1]);
            Assert.True(assessed.ExitCode == (verdict == "Breaking" ? 3 : 0), assessed.ToString());
            Assert.Equal((verdict, count), (assessed.Text("verdict"), assessed.Json["revisions"]!.AsArray().Count.ToString()));
            Assert.All(expected[1..], word => Assert.Contains(word, Words(assessed)));
            Assert.Equal(before, await _production.SnapshotAsync());
        }
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Over_two_heads_the_application_goes_back_and_both_stay()
    {
        await BringAsync(Production.TwoHeads);

        var rollback = await _production.RunAsync("Rollback", "--tag", Production.Good, "--strategy", "AppOnly");

        Assert.True(rollback.ExitCode == 0, rollback.ToString());
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal("ab04c2bafff7,f9d4df2db07e", await _production.RevisionAsync());
        Assert.Equal(["ab04c2bafff7", "f9d4df2db07e"], rollback.Json["database"]!["after"]!.AsArray().Select(revision => revision!.ToString()));
        Assert.Equal(0, (await _production.RunAsync("Verify")).ExitCode);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Over_a_merge_the_application_goes_back_to_a_release_with_two_heads()
    {
        await BringAsync(Production.Merged);

        var rollback = await _production.RunAsync("Rollback", "--tag", Production.TwoHeads, "--strategy", "AppOnly");

        Assert.True(rollback.ExitCode == 0, rollback.ToString());
        await _production.AssertRunsAsync(Production.TwoHeads);
        Assert.Equal("62a3aae8ec3d", await _production.RevisionAsync());
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_history_that_went_apart_is_refused_with_what_each_side_lacks()
    {
        await BringAsync(Production.Breaking);
        await PullAsync(Production.Bad);
        var before = await _production.SnapshotAsync();

        foreach (var refused in new[] { await _production.RunAsync("Assess", "--tag", Production.Bad), await _production.RunAsync("Rollback", "--tag", Production.Bad) })
        {
            Assert.True(refused.ExitCode == 3, refused.ToString());
            Assert.Contains(Production.BreakingRevision, refused.Complaint, StringComparison.Ordinal);
            Assert.Contains("lacks", refused.Complaint, StringComparison.Ordinal);
        }
        Assert.Equal(before, await _production.SnapshotAsync());
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_target_that_is_newer_than_the_database_is_not_assessed()
    {
        await BringAsync(Production.Good);
        await PullAsync(Production.Longer);
        var before = await _production.SnapshotAsync();

        var refused = await _production.RunAsync("Assess", "--tag", Production.Longer);

        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains($"ahead of {Production.Longer}, found Behind", refused.Complaint, StringComparison.Ordinal);
        Assert.Contains("lacks 4", refused.Complaint, StringComparison.Ordinal);
        Assert.Equal(before, await _production.SnapshotAsync());
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_revision_that_no_image_knows_is_refused_by_its_name()
    {
        await BringAsync(Production.Good);
        await PullAsync("2025-12-01-rc1");
        await lab.QueryAsync("UPDATE alembic_version SET version_num = '0123456789ab'");
        try
        {
            var before = await _production.SnapshotAsync();
            var assess = await _production.RunAsync("Assess", "--tag", "2025-12-01-rc1");
            var rollback = await _production.RunAsync("Rollback", "--tag", "2025-12-01-rc1");

            Assert.True((assess.ExitCode, rollback.ExitCode) == (3, 3), $"{assess}\n{rollback}");
            Assert.Contains("0123456789ab", assess.Complaint, StringComparison.Ordinal);
            Assert.Contains("found 0123456789ab in the database, which neither the running release nor 2025-12-01-rc1 has", rollback.Complaint, StringComparison.Ordinal);
            Assert.Equal(before, await _production.SnapshotAsync());
        }
        finally
        {
            await lab.QueryAsync($"UPDATE alembic_version SET version_num = '{Production.GoodRevision}'");
        }
    }

    private async Task BringAsync(string release) => await _production.BringAsync(release, migratedBy: release);

    private async Task PullAsync(string release) => await lab.Docker("pull", "--quiet", $"{_production.Image}:{release}");

    // Every rule that was broken and every kind of downgrade that the document has.
    private static List<string> Words(Ended assessed)
    {
        var revisions = assessed.Json["revisions"]!.AsArray();
        return [.. revisions.Select(revision => revision!["downgrade"]!.ToString()), .. revisions.SelectMany(revision => revision!["reasons"]!.AsArray()).Select(reason => reason!["rule"]!.ToString())];
    }
}
