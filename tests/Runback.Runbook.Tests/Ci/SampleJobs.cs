using Runback.Ci;

namespace Runback.Runbook.Tests.Ci;

internal static class SampleJobs
{
    public static Job Rollback => new("rollback", "Rolls back: what ran before", "./build.sh", "Rollback", "--yes")
    {
        IsManual = true,
        IsRun = true,
        Inputs =
        [
            new Input("Tag", "The release: a tag, or `previous` # for 'the' last") { IsRequired = true },
            new Input("Strategy", "How") { Options = ["Auto", "Downgrade", "Restore"], Default = "Auto" },
            new Input("ApprovedBy", "Who: another person"),
            new Input("DryRun", "Only looks") { IsFlag = true },
        ],
        Secrets = ["DatabasePassword"],
        Protection = new Protection("production", "production-emergency", "Strategy", "Downgrade", "Restore") { AllowList = "AllowedStrategies" },
        Group = "production",
        RunsOn = ["self-hosted", "production"],
        Tags = ["production"],
        Minutes = 120,
    };

    public static Job Drill => new("drill", "Rehearses", "./build.sh", "Drill")
    {
        IsManual = true,
        IsRun = true,
        Schedule = Cron.Parse("17 4 * * 1"),
        RunsOn = ["ubuntu-24.04"],
        Tags = ["docker"],
        Minutes = 45,
        Artifacts = ["one/", "two"],
    };

    public static Job Test => new("test", "Tests", "./build.sh", "Test") { OnChange = true, RunsOn = ["ubuntu-24.04"], Tags = ["docker"], Minutes = 60 };

    public static Job[] All => [Rollback, Drill, Test];
}
