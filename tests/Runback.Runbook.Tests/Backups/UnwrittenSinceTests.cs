using Runback.Runbook.Backups;

namespace Runback.Runbook.Tests.Backups;

/// <summary>When a dump still shows the database as it is.</summary>
public sealed class UnwrittenSinceTests
{
    private static readonly BackupFacts Facts = new() { Run = "r", Database = "cleaning", Sha256 = "ab", SystemIdentifier = "7", Revisions = ["n1", "n2"], NextTransaction = 812 };

    [Theory]
    [InlineData("812:812:", 812L)]
    [InlineData("811:812:811", null)]
    [InlineData("811:812:", null)]
    [InlineData("", null)]
    [InlineData("x:x:", null)]
    [InlineData(null, null)]
    public void A_snapshot_counts_only_when_nobody_writes_in_it(string? snapshot, long? next) => Assert.Equal(next, UnwrittenSince.Parse(snapshot));

    [Fact]
    public void A_dump_is_the_same_only_with_the_same_next_transaction_cluster_and_revisions()
    {
        Assert.True(UnwrittenSince.IsSame(Facts, 812, "7", ["n2", "n1"]));
        Assert.False(UnwrittenSince.IsSame(Facts, 813, "7", ["n1", "n2"]));
        Assert.False(UnwrittenSince.IsSame(Facts, null, "7", ["n1", "n2"]));
        Assert.False(UnwrittenSince.IsSame(Facts, 812, "8", ["n1", "n2"]));
        Assert.False(UnwrittenSince.IsSame(Facts, 812, null, ["n1", "n2"]));
        Assert.False(UnwrittenSince.IsSame(Facts, 812, "7", ["n1"]));
        Assert.False(UnwrittenSince.IsSame(Facts with { NextTransaction = null }, null, "7", ["n1", "n2"]));
        Assert.False(UnwrittenSince.IsSame(Facts with { SystemIdentifier = null }, 812, null, ["n1", "n2"]));
        Assert.False(UnwrittenSince.IsSame(Facts with { Revisions = null }, 812, "7", []));
    }
}
