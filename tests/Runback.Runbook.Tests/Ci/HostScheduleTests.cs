using Runback.Ci;

namespace Runback.Runbook.Tests.Ci;

public sealed class HostScheduleTests
{
    [Fact]
    public void Only_what_is_scheduled_gets_a_line_of_cron_and_a_timer_with_its_service()
    {
        var text = HostSchedule.Of(SampleJobs.All, "/opt/runback", "deploy");
        Assert.Contains("\n17 4 * * 1 deploy cd /opt/runback && ./build.sh Drill >> .nuke/temp/drill.log 2>&1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nOnCalendar=Mon *-*-* 04:17:00 UTC\n", text, StringComparison.Ordinal);
        Assert.Contains("\nExecStart=/opt/runback/build.sh Drill\n", text, StringComparison.Ordinal);
        Assert.Contains("\nUser=deploy\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Rollback", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/opt/a b", "deploy")]
    [InlineData("/opt/100%", "deploy")]
    [InlineData("/opt/$(id)", "deploy")]
    [InlineData("/opt/runback", "root\nALL")]
    [InlineData("/opt/runback", "")]
    public void A_folder_or_an_account_that_would_be_read_as_something_else_is_refused(string root, string user) =>
        Assert.Throws<DeclarationException>(() => HostSchedule.Of(SampleJobs.All, root, user));
}
