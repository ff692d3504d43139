using Runback.Runbook.Rollbacks;
using Runback.Runbook.Tests.Deployments;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Tests.Rollbacks;

/// <summary>Principle 2: production is never left worse than it was found.</summary>
public sealed class ReturnJudgementTests
{
    private static readonly ServiceLevel[] Levels = Enum.GetValues<ServiceLevel>();

    public static TheoryData<ServiceLevel, ServiceLevel> Pairs => [.. from before in Levels from after in Levels select (before, after)];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Nothing_changed_or_all_verified_stays(ServiceLevel before, ServiceLevel after)
    {
        foreach (var mixed in (bool[])[false, true])
        {
            foreach (var action in Enum.GetValues<FailureAction>())
            {
                Assert.Equal(Judgement.Stay, ReturnJudgement.Judge(false, false, before, after, mixed, action));
                Assert.Equal(Judgement.Stay, ReturnJudgement.Judge(false, true, before, after, mixed, action));
                Assert.Equal(Judgement.Stay, ReturnJudgement.Judge(true, true, before, after, mixed, action));
            }
        }
    }

    [Theory]
    [InlineData(ServiceLevel.Down, ServiceLevel.Down, Judgement.Stop)]
    [InlineData(ServiceLevel.Down, ServiceLevel.Serving, Judgement.Stop)]
    [InlineData(ServiceLevel.Down, ServiceLevel.Ready, Judgement.Stop)]
    [InlineData(ServiceLevel.Serving, ServiceLevel.Down, Judgement.Return)]
    [InlineData(ServiceLevel.Serving, ServiceLevel.Serving, Judgement.Stop)]
    [InlineData(ServiceLevel.Serving, ServiceLevel.Ready, Judgement.Stop)]
    [InlineData(ServiceLevel.Ready, ServiceLevel.Down, Judgement.Return)]
    [InlineData(ServiceLevel.Ready, ServiceLevel.Serving, Judgement.Return)]
    [InlineData(ServiceLevel.Ready, ServiceLevel.Ready, Judgement.Stop)]
    public void A_failed_rollback_returns_only_to_what_was_healthier(ServiceLevel before, ServiceLevel after, Judgement judgement) =>
        Assert.Equal(judgement, ReturnJudgement.Judge(true, false, before, after, mixed: false, FailureAction.Return));

    [Fact]
    public void What_cannot_be_observed_is_left_as_it_is()
    {
        foreach (var before in Levels)
        {
            foreach (var mixed in (bool[])[false, true])
                Assert.Equal(Judgement.Stop, ReturnJudgement.Judge(true, false, before, null, mixed, FailureAction.Return));
        }
    }

    [Theory]
    [InlineData(ServiceLevel.Down, Judgement.Stop)]
    [InlineData(ServiceLevel.Serving, Judgement.Return)]
    [InlineData(ServiceLevel.Ready, Judgement.Return)]
    public void Containers_exchanged_only_in_part_return_when_the_release_before_served(ServiceLevel before, Judgement judgement)
    {
        foreach (var after in Levels)
            Assert.Equal(judgement, ReturnJudgement.Judge(true, false, before, after, mixed: true, FailureAction.Return));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void An_operator_who_wants_it_to_stop_is_obeyed(ServiceLevel before, ServiceLevel after)
    {
        Assert.Equal(Judgement.Stop, ReturnJudgement.Judge(true, false, before, after, mixed: false, FailureAction.Stop));
        Assert.Equal(Judgement.Stop, ReturnJudgement.Judge(true, false, before, after, mixed: true, FailureAction.Stop));
    }

    [Fact]
    public void A_release_is_ready_over_kept_migrations_serving_when_a_check_fails_and_down_without_health()
    {
        const string Kept = """{"checks":[{"name":"migrations","ok":false,"detail":{"current_version":"new1","expected_head":"old1"}},{"name":"jobs","ok":true}]}""";
        Assert.Equal(ServiceLevel.Ready, LevelOf(200, 503, Kept));
        Assert.Equal(ServiceLevel.Serving, LevelOf(200, 503, Kept.Replace("true", "false", StringComparison.Ordinal)));
        Assert.Equal(ServiceLevel.Serving, LevelOf(200, 503, Kept.Replace("new1", "unknown", StringComparison.Ordinal)));
        Assert.Equal(ServiceLevel.Serving, LevelOf(200, null, ""));
        Assert.Equal(ServiceLevel.Down, LevelOf(502, 200, """{"checks":[{"name":"db","ok":true}]}"""));
    }

    [Theory]
    [InlineData(0, 1, ServiceLevel.Ready)]
    [InlineData(1, 1, ServiceLevel.Down)]
    [InlineData(3, 10_000, ServiceLevel.Ready)]
    public void A_release_that_was_just_restarted_after_a_crash_is_down_however_ready_it_looks(int restarts, int secondsAgo, ServiceLevel level)
    {
        var situation = Observed.Situation([Observed.Service("api", "v1"), Observed.Service("jobs", "v1")], "v1");
        var crashed = situation.Services[1] with
        {
            Container = situation.Services[1].Container! with { Restarts = restarts, StartedAt = situation.At.AddSeconds(-secondsAgo) },
        };
        Assert.Equal(level, ReturnJudgement.LevelOf(situation with { Services = [situation.Services[0], crashed] }));
    }

    [Theory]
    [InlineData("running", "starting", ServiceLevel.Ready)]
    [InlineData("running", null, ServiceLevel.Ready)]
    [InlineData("running", "unhealthy", ServiceLevel.Down)]
    [InlineData("restarting", "healthy", ServiceLevel.Down)]
    [InlineData("exited", null, ServiceLevel.Down)]
    public void A_container_that_has_no_verdict_yet_is_judged_by_its_answers(string state, string? health, ServiceLevel level) => Assert.Equal(
        level, ReturnJudgement.LevelOf(Observed.Situation([Observed.Service("api", "v1", null, state, health), Observed.Service("jobs", "v1")], "v1")));

    private static ServiceLevel LevelOf(int health, int? ready, string payload) => ReturnJudgement.LevelOf(Observed.Situation(
        [Observed.Service("api", "v1"), Observed.Service("jobs", "v1")], "v1", health, Readiness.From(Observed.Answer(ready, payload)), ["new1"]));
}
