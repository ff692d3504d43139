using Runback.Runbook.Releases;
using Runback.Runbook.Runs;
using static Runback.Runbook.Tests.Releases.Story;

namespace Runback.Runbook.Tests.Releases;

public sealed class PreviousReleaseTests
{
    [Fact]
    public void It_is_the_last_one_that_verified_good_and_does_not_run() =>
        Assert.Equal("b", History(Verified("a"), Verified("b"), Verified("c")).Previous(Running("c"))?.Tag);

    [Fact]
    public void A_release_that_was_only_deployed_is_never_it() =>
        Assert.Equal("a", History(Verified("a"), Deployed("b"), Deployed("c")).Previous(Running("c"))?.Tag);

    [Fact]
    public void A_release_that_was_rolled_back_from_is_never_it() =>
        Assert.Equal("a", History(Verified("a"), Verified("b"), Left("b"), Verified("a"), Deployed("c")).Previous(Running("c"))?.Tag);

    [Fact]
    public void After_a_rollback_it_does_not_lead_back_to_the_bad_release() =>
        Assert.Null(History(Verified("a"), Verified("b"), Left("b"), Verified("a")).Previous(Running("a")));

    [Fact]
    public void Verifying_again_is_not_enough_after_a_rollback() =>
        Assert.Equal("a", History(Verified("a"), Verified("b"), Left("b"), Verified("b"), Deployed("c")).Previous(Running("c"))?.Tag);

    [Fact]
    public void Vouching_without_verifying_is_not_enough_either() =>
        Assert.Equal("a", History(Verified("a"), Verified("b"), Left("b"), Trusted("b"), Deployed("c")).Previous(Running("c"))?.Tag);

    [Fact]
    public void Vouched_for_and_verified_after_that_it_counts_again() =>
        Assert.Equal("b", History(Verified("a"), Verified("b"), Left("b"), Trusted("b"), Verified("b"), Deployed("c")).Previous(Running("c"))?.Tag);

    [Fact]
    public void Rolled_back_from_once_more_it_is_out_again() =>
        Assert.Equal("a", History(Verified("a"), Left("b"), Trusted("b"), Verified("b"), Left("b")).Previous(Running("c"))?.Tag);

    [Fact]
    public void The_bad_image_under_another_tag_is_the_bad_release() =>
        Assert.Equal("a", History(Verified("a"), Verified("b", "bad"), Verified("c", "bad"), Left("c", "bad")).Previous(Running("d"))?.Tag);

    [Fact]
    public void A_tag_pushed_again_after_the_rollback_is_a_new_release() =>
        Assert.Equal("b", History(Verified("a"), Verified("b", "bad"), Left("b", "bad"), Verified("b", "fixed")).Previous(Running("c"))?.Tag);

    [Fact]
    public void A_tag_that_stands_for_a_bad_image_since_is_out_although_its_first_image_was_good() =>
        Assert.Equal("a", History(Verified("a"), Verified("b", "good"), Deployed("b", "bad"), Left("b", "bad")).Previous(Running("c"))?.Tag);

    [Fact]
    public void The_running_image_under_another_tag_is_not_it() =>
        Assert.Equal("a", History(Verified("a"), Verified("b", "same")).Previous(Running("c", "same"))?.Tag);

    [Fact]
    public void When_nothing_is_known_of_what_runs_it_is_the_last_verified() =>
        Assert.Equal("b", History(Verified("a"), Verified("b")).Previous(RunningRelease.None)?.Tag);

    [Fact]
    public void A_moving_tag_is_never_it() =>
        Assert.Equal("a", History(Verified("a"), Verified("latest"), Verified("no tag")).Previous(Running("c"))?.Tag);

    [Fact]
    public void A_line_that_cannot_be_read_counts_against_the_release_it_names()
    {
        var text = $"{LedgerLine.Write(Verified("a"))}\n{LedgerLine.Write(Verified("b"))}\n{LedgerLine.Write(Left("b"))[..60]}";
        Assert.Equal("a", LedgerHistory.Parse(text).Previous(Running("c"))?.Tag);
    }

    [Fact]
    public void Without_one_the_gate_says_why()
    {
        var nothing = Assert.Throws<RunbookException>(() => LedgerHistory.Empty.RequirePrevious(Running("a")));
        Assert.Equal(Runback.Runbook.Runs.Outcome.Refused, nothing.Outcome);
        Assert.Contains("none that ever verified good", nothing.Message, StringComparison.Ordinal);
        var all = Assert.Throws<RunbookException>(() => History(Verified("a"), Verified("b"), Left("b")).RequirePrevious(Running("a")));
        Assert.Contains("a, b", all.Message, StringComparison.Ordinal);
        Assert.Contains("--tag", all.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void What_runs_under_another_digest_of_the_same_image_did_not_come_before_itself()
    {
        var promoted = new RunningRelease("b-promoted", new Dictionary<string, string> { ["api"] = "sha256:ff" }) { Aliases = [.. Verified("b").Digests.Values] };
        Assert.Equal("a", History(Verified("a"), Verified("b")).Previous(promoted)?.Tag);
    }
}
