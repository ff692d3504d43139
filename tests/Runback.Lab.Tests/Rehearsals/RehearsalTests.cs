using Runback.Lab.Tests.Lab;
using Runback.Lab.Tests.Rollbacks;
using Runback.Runbook.Backups;
using Runback.Runbook.Rehearsals;

namespace Runback.Lab.Tests.Rehearsals;

public sealed class RehearsalTests(LabFixture lab, ITestOutputHelper output)
{
    private readonly Production _production = new(lab);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    public async Task Over_a_breaking_schema_the_old_release_fails_and_after_the_downgrade_it_works()
    {
        await _production.BringAsync(Production.Breaking, Production.Breaking);
        using var workshop = new Workshop(lab);
        var request = await workshop.RequestAsync(Production.Breaking, Production.BreakingRevision) with { DowngradePlan = [Production.GoodRevision] };
        var before = await _production.SnapshotAsync();
        var result = await RunAsync(workshop, request);

        Assert.Equal(VerifyLevel.Restore, result.Backup.Level);
        Assert.False(result.KeptSchema.Passed);
        Assert.Contains(result.KeptSchema.Checks, check => check is { Name: "health", Passed: true });
        Assert.Contains(result.KeptSchema.Checks, check => check is { Name: "readiness", Passed: true });
        Assert.Contains(result.KeptSchema.Checks, check => check is { Name: "GET /bookings?limit=1", Passed: false } && check.Found.StartsWith("500", StringComparison.Ordinal));
        Assert.NotEmpty(result.KeptSchema.Log);
        Assert.True(result.Downgrade!.Succeeded, result.Downgrade.Failure);
        Assert.Equal([Production.GoodRevision], result.RevisionsAfterDowngrade);
        Assert.True(result.DowngradedSchema!.Passed);
        Assert.True(result.Upgrade!.Succeeded, result.Upgrade.Failure);
        Assert.False(result.FromEmpty);

        Assert.Equal(before, await _production.SnapshotAsync());
        Assert.Empty(await workshop.LeftAsync());
        var password = await PasswordAsync();
        Assert.DoesNotContain(password, workshop.Journal, StringComparison.Ordinal);
        Assert.DoesNotContain("***", workshop.Journal, StringComparison.Ordinal);
    }

    private async Task<RehearsalResult> RunAsync(Workshop workshop, RehearsalRequest request)
    {
        var result = await new Rehearsal(workshop.Run).RunAsync(request, Cancellation);
        output.WriteLine(string.Join('\n', RehearsalText.Lines(result)));
        output.WriteLine(string.Join('\n', result.Stages.Select(stage => $"{stage.Seconds,7:0.00} {stage.Name}")) + $"\n{result.Seconds,7:0.00} in all");
        output.WriteLine(result.ToJson());
        return result;
    }

    private async Task<string> PasswordAsync() =>
        (await File.ReadAllLinesAsync(_production.EnvFile, Cancellation)).Single(line => line.StartsWith("POSTGRES_PASSWORD=", StringComparison.Ordinal)).Split('=', 2)[1];
}
