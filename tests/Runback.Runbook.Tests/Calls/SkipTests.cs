namespace Runback.Runbook.Tests.Calls;

/// <summary>What can be left out of a run, and what is a wrong call before anything of it runs.</summary>
public sealed class SkipTests
{
    [Theory(Timeout = 120_000)]
    [InlineData("Rollback --skip", "leaves nothing to run")]
    [InlineData("Status --skip", "nothing else in this run")]
    [InlineData("RollbackApp --skip", "expected Preflight")]
    [InlineData("Rehearse --skip", "expected Preflight")]
    [InlineData("DowngradeDatabase --skip", "expected Preflight")]
    [InlineData("Rollback --skip Preflight", "expected Preflight")]
    [InlineData("DrainWorkers --skip Preflight", "expected Preflight")]
    [InlineData("ForwardFix --skip Preflight", "expected Preflight")]
    [InlineData("RestoreDatabase --skip Preflight", "expected Preflight")]
    [InlineData("Rollback --skip Rehearse", "--strategy AppOnly")]
    [InlineData("DowngradeDatabase --skip Rehearse", "expected Rehearse")]
    [InlineData("Rollback --strategy Restore --skip RestoreDatabase", "expected RestoreDatabase")]
    [InlineData("Rollback --strategy Downgrade --skip DowngradeDatabase", "expected DowngradeDatabase")]
    [InlineData("Rollback --strategy ForwardFix --skip ForwardFix", "expected ForwardFix")]
    [InlineData("Rollback --skip RollbackApp", "expected RollbackApp")]
    [InlineData("DowngradeDatabase --skip RollbackApp", "expected RollbackApp")]
    [InlineData("RestoreDatabase --skip RollbackApp", "expected RollbackApp")]
    [InlineData("Rollback --skip Verify", "expected Verify")]
    [InlineData("Rollback --skip ReturnIfWorse", "--on-failure Stop")]
    [InlineData("Return --skip ReturnIfWorse", "--on-failure Stop")]
    public async Task A_run_that_could_not_do_its_work_does_not_begin(string call, string expected)
    {
        var words = call.Split(' ');
        var ended = await Program.RunAsync([words[0], "--tag", "v1", .. words[1..]]);

        Assert.Equal((2, ""), (ended.Code, ended.Output));
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("--skip")]
    [InlineData("--skip Preflight")]
    public async Task A_plan_of_it_is_none_either(string skip)
    {
        var ended = await Program.RunAsync(["Rollback", "--tag", "v1", "--plan", .. skip.Split(' ')]);
        Assert.Equal((2, ""), (ended.Code, ended.Output));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("RollbackApp --skip Backup --skip VerifyBackup")]
    [InlineData("Rollback --skip DrainWorkers")]
    [InlineData("Rollback --skip VerifyBackup")]
    [InlineData("Rollback --strategy AppOnly --skip Rehearse")]
    [InlineData("Rollback --strategy Downgrade --skip RestoreDatabase")]
    [InlineData("UpgradeDatabase --skip Backup")]
    public async Task What_a_run_can_do_without_is_left_out(string call)
    {
        var words = call.Split(' ');
        var ended = await Program.RunAsync([words[0], "--tag", "v1", "--plan", .. words[1..]]);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("skipped: by --skip", ended.Output, StringComparison.Ordinal);
    }
}
