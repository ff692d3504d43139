using Runback.Runbook.Drills.Beside;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Drills.Beside;

public sealed class DrillObjectivesTests
{
    [Fact]
    public void A_value_that_is_exactly_met_is_no_miss()
    {
        Assert.Empty(new DrillObjectives(60, 3600, 0).Missed(60, 3600, 0));
        Assert.Empty(DrillObjectives.None.Missed(1e6, 1e6, 1e6));
    }

    [Fact]
    public void Every_miss_names_its_objective_what_was_demanded_and_what_was_found()
    {
        var missed = new DrillObjectives(60, 3600, 10).Missed(61.25, 7200, 12.5);

        Assert.Equal(
        [
            $"rollback (RTO): at most 60 s, took {61.25:0.0} s",
            "data (RPO): a backup of at most 3600 s, used one of 7200 s",
            $"outage: at most 10 s, found {12.5:0.00} s",
        ], missed);
    }

    [Theory]
    [InlineData(-1.0, null, null, "--objective-rollback")]
    [InlineData(null, -0.5, null, "--objective-data")]
    [InlineData(60.0, null, -10.0, "--objective-outage")]
    public void A_negative_objective_is_refused_by_its_name(double? rollback, double? data, double? outage, string name)
    {
        var refused = Assert.Throws<RunbookException>(new DrillObjectives(rollback, data, outage).Check);

        Assert.Equal(Outcome.Usage, refused.Outcome);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }
}
