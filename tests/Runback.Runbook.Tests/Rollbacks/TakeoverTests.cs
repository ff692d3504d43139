using Runback.Runbook.Restores;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;

namespace Runback.Runbook.Tests.Rollbacks;

/// <summary>What a run says of those that were ended halfway, and what it concludes.</summary>
public sealed class TakeoverTests
{
    private static readonly DateTimeOffset Noon = new(2025, 12, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly RunRecord Killed = new("20251221T120000Z-aaaa")
    {
        Target = "Rollback", Tag = "v1", By = "ada@ops1", BeganAt = Noon, Changed = true, ChangedAt = Noon, Course = "Downgrade", Revisions = ["n2"],
        LastMade = new JournalChange("docker compose --project-name p --env-file '/srv/my app/.env' --file /srv/c.yml stop api", Noon.AddSeconds(3)), LastBegun = new JournalChange("alembic downgrade n1", Noon.AddSeconds(9)),
    };

    [Fact]
    public void One_paragraph_says_which_run_who_when_what_was_last_begun_and_what_is_there()
    {
        var kept = new MarkedDatabase("cleaning_before_x", new DatabaseMark(RestoreStage.Before, "x", "cleaning"));
        Assert.Equal(
            "Run 20251221T120000Z-aaaa (Rollback to v1, by ada@ops1, begun 2025-12-21 12:00:00 UTC) was ended halfway. "
            + "The last change that it began is `alembic downgrade n1` (12:00:09 UTC), and whether it was made isn't written; made before it was `docker compose \u2026 stop api`. "
            + "Found now: api on v2 (exited), jobs on v2 (running, healthy); pinned v2; cleaning at n1, then at n2; cleaning_before_x (the database as it was before a restore, run x). "
            + "The same command goes on from what is there; the way back leads to v2, by Return.",
            Of([Killed], ["n1"], kept).Paragraph("cleaning"));
    }

    [Fact]
    public void Where_somebody_has_deployed_since_or_nobody_can_tell_the_paragraph_says_so()
    {
        Assert.EndsWith("somebody has deployed since, and a run begins from what is there.", (Of([Killed], ["n2"]) with { Origin = null }).Paragraph("cleaning"), StringComparison.Ordinal);
        var unknown = (Of([Killed with { Problem = "its journal has the version 2" }], ["n2"]) with { Origin = null }).Paragraph("cleaning");
        Assert.StartsWith("Whether run 20251221T120000Z-aaaa was ended halfway can't be told: its journal has the version 2. Found now: ", unknown, StringComparison.Ordinal);
        Assert.EndsWith("Nothing is concluded from it: what is there decides alone.", unknown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_a_killed_downgrade_has_brought_to_the_target_makes_the_rest_a_downgrade()
    {
        Assert.Equal(Strategy.Downgrade, Of([Killed], ["n1"]).Done(["n1"]));
        Assert.Equal(Strategy.Downgrade, Of([Killed with { Id = "b", Course = "Keep", Revisions = ["n1"] }, Killed], ["n1"]).Done(["n1"]));
    }

    [Fact]
    public void It_is_none_where_the_database_has_not_moved_or_is_elsewhere_or_was_there_before()
    {
        Assert.Null(Of([Killed], ["n2"]).Done(["n1"]));
        Assert.Null(Of([Killed with { Revisions = ["n1"] }], ["n1"]).Done(["n1"]));
        Assert.Null(Of([Killed with { Course = "Keep" }], ["n1"]).Done(["n1"]));
        Assert.Null((Of([Killed], ["n1"]) with { Origin = null }).Done(["n1"]));
    }

    [Fact]
    public void A_database_that_a_killed_restore_has_swapped_makes_the_rest_a_restore()
    {
        MarkedDatabase Kept(string run, RestoreStage stage) => new("kept", new DatabaseMark(stage, run, "cleaning"));
        Assert.Equal(Strategy.Restore, Of([Killed], ["n2"], Kept(Killed.Id, RestoreStage.Before)).Done(["n1"]));
        Assert.Null(Of([Killed], ["n2"], Kept("another", RestoreStage.Before)).Done(["n1"]));
        Assert.Null(Of([Killed], ["n2"], Kept(Killed.Id, RestoreStage.Ready)).Done(["n1"]));
    }

    private static Takeover Of(IReadOnlyList<RunRecord> runs, IReadOnlyList<string> revisions, params MarkedDatabase[] marked)
    {
        var now = Observed.Situation([Observed.Service("api", "v2", null, "exited"), Observed.Service("jobs", "v2")], "v2", revisions: revisions);
        return new Takeover(runs, now, new RestoreState("cleaning", true, marked, []), ReturnPoint.Of(now) with { Run = runs[^1].Id });
    }
}
