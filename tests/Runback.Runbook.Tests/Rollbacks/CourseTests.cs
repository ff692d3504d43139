using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Rollbacks;
using static Runback.Runbook.Tests.Migrations.Rules.Judging;

namespace Runback.Runbook.Tests.Rollbacks;

public class CourseTests
{
    [Theory]
    [InlineData("CREATE TABLE fresh (a int)", Course.Keep)]
    [InlineData("INSERT INTO t VALUES (1)", Course.RehearseThenKeep)]
    [InlineData("ALTER TABLE t DROP a", Course.RehearseThenStop)]
    [InlineData("DO 'BEGIN END'", Course.RehearseThenStop)]
    public void Auto_keeps_the_harmless_rehearses_the_doubtful_and_leaves_the_rest_to_a_person(string upgrade, Course expected) =>
        Assert.Equal(expected, Courses.Decide(Strategy.Auto, Ahead(upgrade)));

    [Theory]
    [InlineData("CREATE TABLE fresh (a int)")]
    [InlineData("INSERT INTO t VALUES (1)")]
    [InlineData("ALTER TABLE t DROP a")]
    public void Auto_never_picks_an_emergency_strategy(string upgrade) => Assert.False(Courses.Decide(Strategy.Auto, Ahead(upgrade)).IsEmergency());

    [Theory]
    [InlineData(Strategy.AppOnly, Course.Keep)]
    [InlineData(Strategy.ForwardFix, Course.ForwardFix)]
    [InlineData(Strategy.Downgrade, Course.Downgrade)]
    [InlineData(Strategy.Restore, Course.Restore)]
    public void A_named_strategy_is_followed(Strategy strategy, Course expected) => Assert.Equal(expected, Courses.Decide(strategy, Ahead("ALTER TABLE t DROP a")));

    [Fact]
    public void A_downgrade_of_a_database_that_is_there_already_is_none() =>
        Assert.Equal(Course.Keep, Courses.Decide(Strategy.Downgrade, new ReleaseHistory(["a"], new RevisionPath(PathKind.Same, [], [], []), null, ["a"], null)));

    [Theory]
    [InlineData(Course.Keep, false, true)]
    [InlineData(Course.RehearseThenKeep, true, true)]
    [InlineData(Course.RehearseThenStop, true, false)]
    [InlineData(Course.ForwardFix, false, false)]
    [InlineData(Course.Downgrade, true, true)]
    [InlineData(Course.Restore, true, true)]
    public void Whatever_touches_the_database_or_may_hurt_is_rehearsed(Course course, bool rehearsed, bool cutsOver) =>
        Assert.Equal((rehearsed, cutsOver), (course.IsRehearsed(), course.CutsOver()));

    internal static ReleaseHistory Ahead(string upgrade, string downgrade = "SELECT 1")
    {
        var script = Script("b", "a", upgrade, downgrade);
        return new ReleaseHistory(["b"], new RevisionPath(PathKind.Ahead, [script], [], []), VerdictOfPath.Assess([script]), ["a"], null);
    }
}
