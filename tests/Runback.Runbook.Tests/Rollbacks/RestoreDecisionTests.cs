using System.Text.Json.Nodes;
using Runback.Runbook.Restores;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;

namespace Runback.Runbook.Tests.Rollbacks;

/// <summary>What is left to do of a restore, by what is in the database's place, what runs, and how the runs before ended.</summary>
public sealed class RestoreDecisionTests
{
    private static readonly PlacedBackup Placed = new("r1", "pg.dump", "aa") { Release = "v1", Revisions = ["n1"] };
    private static readonly RunRecord Restored = Run("r1") with { Ended = true, Outcome = "Done", EndedAt = DateTimeOffset.UnixEpoch.AddHours(1) };
    private static readonly RunRecord Failed = Restored with { Outcome = "Failed" };

    [Fact]
    public void The_same_command_after_a_finished_one_has_nothing_left_to_do()
    {
        Assert.Equal(new RestoreDecision(RestoreNeed.Nothing, Placed), Decide("v1", [Restored]));
        // What comes between and brings no release: a switch, a verification, a run that changed nothing, one beside production.
        Assert.Equal(RestoreNeed.Nothing, Decide("v1", [Run("r4") with { Course = null }, Run("r3") with { Changed = false }, Run("r2") with { Beside = true }, Restored]).Need);
        // Whoever removed the state folder has left the mark.
        Assert.Equal(RestoreNeed.Nothing, Decide("v1", []).Need);
    }

    [Fact]
    public void Where_the_run_failed_after_the_swap_the_same_command_goes_on_with_the_rest()
    {
        Assert.Equal(new RestoreDecision(RestoreNeed.GoOn, Placed, Failed), Decide("v2", [Failed]));
        Assert.Equal(new RestoreDecision(RestoreNeed.Nothing, Placed, Failed), Decide("v1", [Failed]));
        var killed = Run("r1");
        Assert.Equal(new RestoreDecision(RestoreNeed.GoOn, Placed, killed), Decide("v2", [killed], takesUp: ["r1"]));
        var second = Run("r2", takesUp: "r1") with { Ended = true, Outcome = "Failed", EndedAt = Failed.EndedAt };
        Assert.Equal(new RestoreDecision(RestoreNeed.GoOn, Placed, second), Decide("v2", [second, killed]));
    }

    [Fact]
    public void Whatever_was_deployed_since_makes_it_a_restore_from_the_beginning()
    {
        // Finished, and another release runs.
        Assert.Equal(RestoreNeed.Restore, Decide("v2", [Restored]).Need);
        // A rollback to whatever release came after it.
        Assert.Equal(RestoreNeed.Restore, Decide("v1", [Run("r2") with { Ended = true, Outcome = "Done" }, Restored]).Need);
        // It failed, and since then another image was deployed, or the same one again, or the database was migrated.
        Assert.Equal(RestoreNeed.Restore, Decide("v3", [Failed]).Need);
        Assert.Equal(RestoreNeed.Restore, Decide("v2", [Failed with { EndedAt = DateTimeOffset.UnixEpoch.AddSeconds(-1) }]).Need);
        Assert.Equal(RestoreNeed.Restore, Decide("v2", [Failed], revision: "n2").Need);
        Assert.Equal(RestoreNeed.Restore, Decide("v2", []).Need);
    }

    [Fact]
    public void Another_point_or_release_is_another_restore_unless_a_killed_one_comes_first()
    {
        Assert.Equal(RestoreNeed.Restore, Decide("v1", [Restored], isTheSame: false).Need);
        Assert.Equal(RestoreNeed.Restore, Decide("v2", [Failed], isTheSame: false).Need);
        Assert.Equal(RestoreNeed.FinishFirst, Decide("v2", [Run("r1")], isTheSame: false, takesUp: ["r1"]).Need);
    }

    // v1 is what is asked for, v2 what was left.
    private static RestoreDecision Decide(string runs, IReadOnlyList<RunRecord> history, bool isTheSame = true, string revision = "n1", params string[] takesUp)
    {
        var services = ((string[])["api", "jobs"]).Select(name => Observed.Service(name, runs)).Select(state => state with { Container = state.Container! with { CreatedAt = DateTimeOffset.UnixEpoch } });
        var now = Observed.Situation([.. services], runs, revisions: [revision]);
        return RestoreDecision.Decide(Placed, isTheSame, now, now.Runs("v1", null), history, takesUp);
    }

    private static RunRecord Run(string id, params string[] takesUp)
    {
        var origin = new JsonObject { ["tag"] = "v2", ["pin"] = "v2", ["image"] = "sha256:image-v2", ["level"] = nameof(ServiceLevel.Serving) };
        if (takesUp.Length > 0)
            origin["takesUp"] = new JsonArray([.. takesUp.Select(each => (JsonNode)each)]);
        return new RunRecord(id) { Target = "Rollback", Changed = true, Course = "Restore", Origin = origin, TargetImage = "sha256:image-v1" };
    }
}
