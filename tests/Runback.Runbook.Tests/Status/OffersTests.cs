using Runback.Runbook.Runs;
using Runback.Runbook.Status;

namespace Runback.Runbook.Tests.Status;

public sealed class OffersTests
{
    private static readonly DateTimeOffset Noon = new(2025, 12, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly DeploymentStatus Good = new()
    {
        At = Noon, Project = "shop", Services = [new ServiceStatus("api", "v2", "sha256:2", "running, healthy", 0, null)], Health = "200", Readiness = "200", Serves = true,
        Revisions = ["b2"], Pin = "v2", RunsWhatIsPinned = true, Backup = new BackupStatus("/srv/backups/pg.dump", Noon.AddHours(-3), 1, "Decode"),
        RollbackTarget = new RollbackTarget("v1", Noon.AddDays(-3), OnHost: true, "Unknown", null), Holder = null, UnfinishedRuns = [],
    };

    [Fact]
    public void A_rollback_to_previous_is_offered_after_its_dry_run_each_as_a_command_for_this_profile()
    {
        Assert.Equal(
            [
                "",
                "What you can do now:",
                "  ./build.sh --profile production Rollback --tag previous --dry-run  reads everything for a rollback to v1, and changes nothing",
                "  ./build.sh --profile production Rollback --tag previous            rolls back to v1",
                "  ./build.sh --profile production Verify                             checks what runs",
                "  ./build.sh --profile production Report --open                      shows what the last run did",
                "  ./build.sh --profile production --help                             everything else",
            ],
            Offers.Lines(Good, "./build.sh --profile production", hasRun: true));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Gone")]
    public void Where_there_is_no_way_to_previous_none_is_offered(string? registry)
    {
        var status = Good with { RollbackTarget = registry is null ? null : new RollbackTarget("v1", Noon, OnHost: false, registry, null) };
        var lines = Offers.Lines(status, "./build.sh", hasRun: false).ToList();

        Assert.DoesNotContain(lines, line => line.Contains("previous", StringComparison.Ordinal) || line.Contains("Report", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("  ./build.sh Releases ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_unfinished_comes_first_and_whoever_holds_the_deployment_is_waited_for()
    {
        var holder = new Holder("r1", "Rollback", "ann", "h", 1, Noon, null);
        var lines = Offers.Lines(Good with { UnfinishedRuns = ["r0"], Holder = holder }, "./build.sh", hasRun: true).ToList();

        Assert.StartsWith("  ./build.sh Return --wait 10m ", lines[2], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("  ./build.sh Rollback --tag previous --wait 10m ", StringComparison.Ordinal));
    }

    [Fact]
    public void In_few_lines_the_status_says_where_one_is_and_all_that_is_wrong()
    {
        Assert.Equal(["  deployment", "  api", "  database", "  backup", "  previous"], StatusText.Brief(Good).Select(Name));
        Assert.Equal(
            ["! deployment", "  api", "! health", "  database", "! pin", "  backup", "  previous", "! unfinished"],
            StatusText.Brief(Good with { Serves = false, Health = "503", RunsWhatIsPinned = false, UnfinishedRuns = ["r0"] }).Select(Name));

        static string Name(string line) => line[..13].TrimEnd();
    }
}
