using Runback.Lab.Tests.Lab;
using Runback.Lab.Tests.Rollbacks;
using Runback.Runbook.Backups;
using Runback.Runbook.Deployments;
using Runback.Runbook.Migrations;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Rehearsals.Observation;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Rehearsals;

[Collection("lab")]
public sealed class RehearsalTests(LabFixture lab, ITestOutputHelper output)
{
    private const string Irreversible = "2025-12-23-rc1";
    private readonly Production _production = new(lab);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 720_000)]
    public async Task Over_a_breaking_schema_the_old_release_fails_and_after_the_downgrade_it_works()
    {
        await _production.BringAsync(Production.Breaking, Production.Breaking);
        using var workshop = new Workshop(lab);
        var request = await workshop.RequestAsync(Production.Breaking, Production.BreakingRevision) with { DowngradePlan = [Production.GoodRevision] };
        var before = await _production.SnapshotAsync() + await RowsAsync();
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
        Assert.Empty(result.RoundTripDifferences);
        Assert.Equal(Verdict.Breaking, result.Observed);
        Assert.Contains(result.ObservedReasons, reason => reason.Subject == "bookings.access_notes");

        Assert.Equal(before, await _production.SnapshotAsync() + await RowsAsync());
        Assert.Empty(await workshop.LeftAsync());
        var password = await PasswordAsync();
        Assert.DoesNotContain(password, workshop.Journal, StringComparison.Ordinal);
        Assert.DoesNotContain("***", workshop.Journal, StringComparison.Ordinal);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 720_000)]
    public async Task Over_additive_migrations_the_old_release_works_and_the_downgrade_s_losses_are_counted()
    {
        await _production.BringAsync(Production.Bad);
        using var workshop = new Workshop(lab);
        var request = await workshop.RequestAsync(Production.Bad, Production.KeptRevision) with { DowngradePlan = [Production.GoodRevision] };
        var result = await RunAsync(workshop, request);
        Assert.True(result.KeptSchema.Passed, Failures(result.KeptSchema));
        Assert.Contains(result.KeptSchema.Checks, check => check.Name == "readiness" && check.Found.Contains("migrations: migrations pending", StringComparison.Ordinal));
        Assert.True(result.DowngradedSchema!.Passed, Failures(result.DowngradedSchema));
        Assert.Equal(Verdict.Additive, result.Observed);
        var customers = long.Parse(await lab.QueryAsync("SELECT count(*) FROM customers"));
        Assert.Contains(result.Losses, loss => loss is { Subject: "loyalty_events", Kind: LossKind.Table });
        Assert.Contains(result.Losses, loss => loss is { Subject: "customers.loyalty_tier", Kind: LossKind.Column } && loss.Rows == customers);
        Assert.Empty(result.RoundTripDifferences);
        Assert.Empty(await workshop.LeftAsync());
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 720_000)]
    public async Task A_downgrade_that_raises_is_a_finding_and_the_upgrade_is_observed_from_an_empty_database()
    {
        await lab.DeployFreshAsync(Irreversible);
        using var workshop = new Workshop(lab);
        var revisions = (await _production.RevisionAsync()).Split(',');
        var request = await workshop.RequestAsync(Irreversible, revisions) with { DowngradePlan = [Production.GoodRevision] };
        var result = await RunAsync(workshop, request);
        Assert.False(result.Downgrade!.Succeeded);
        Assert.Contains("downgrade", result.Downgrade.Failure, StringComparison.Ordinal);
        Assert.Equal(revisions, result.RevisionsAfterDowngrade);
        Assert.Null(result.DowngradedSchema);
        Assert.Null(result.SchemaAfterDowngrade);
        Assert.True(result.FromEmpty);
        Assert.True(result.Upgrade!.Succeeded, result.Upgrade.Failure);
        Assert.NotEqual(Verdict.Unknown, result.Observed);
        Assert.Empty(await workshop.LeftAsync());
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 720_000)]
    public async Task A_release_that_never_gets_healthy_and_a_history_that_does_not_run_from_empty_are_findings()
    {
        await _production.BringAsync(Production.Bad);
        using var workshop = new Workshop(lab);
        var request = await workshop.RequestAsync(Production.Bad, Production.KeptRevision);
        var service = request.Project.Service("api") with { Command = ["python", "-c", "import os; print('no ' + os.environ['POSTGRES_PASSWORD']); raise SystemExit(3)"] };
        var project = request.Project with { Services = new Dictionary<string, ComposeService>(request.Project.Services, StringComparer.Ordinal) { ["api"] = service } };
        var result = await RunAsync(workshop, request with { Project = project, TargetHeads = ["feedfeedfeed"], NoDowngrade = "nobody wrote one" });
        Assert.Equal("that it ended with exit code 3", Assert.Single(result.KeptSchema.Checks).Found);
        Assert.Equal(["no ***"], result.KeptSchema.Log);
        Assert.Null(result.Downgrade);
        Assert.Equal("nobody wrote one", result.NoDowngrade);
        Assert.True(result is { FromEmpty: true, Upgrade.Succeeded: false, Observed: Verdict.Unknown });
        Assert.Contains("feedfeedfeed", result.Upgrade!.Failure, StringComparison.Ordinal);
        Assert.Empty(await workshop.LeftAsync());
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 720_000)]
    public async Task A_damaged_dump_ends_the_rehearsal_and_leaves_nothing()
    {
        await _production.BringAsync(Production.Bad);
        using var workshop = new Workshop(lab);
        var request = await workshop.RequestAsync(Production.Bad, Production.KeptRevision);
        await using (var file = new FileStream(request.Dump, FileMode.Open))
            file.SetLength(file.Length / 2);
        var error = await Assert.ThrowsAnyAsync<RunbookException>(() => RunAsync(workshop, request));
        Assert.Equal(Outcome.Refused, error.Outcome);
        Assert.Empty(await workshop.LeftAsync());
    }

    [Theory(Timeout = 720_000)]
    [InlineData("network create", Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData("pg_restore", Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData("--detach", Traits = [TierAttribute.Trait, "thorough"])]
    [InlineData("alembic downgrade", Traits = [TierAttribute.Trait, "thorough"])]
    public async Task A_rehearsal_that_is_cancelled_leaves_nothing(string during)
    {
        await _production.BringAsync(Production.Bad);
        using var workshop = new Workshop(lab);
        var request = await workshop.RequestAsync(Production.Bad, Production.KeptRevision) with { DowngradePlan = [Production.GoodRevision] };
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var rehearsing = new Rehearsal(workshop.Run).RunAsync(request, cancel.Token);
        // The journal names a command when it has ended: the next one is running then. Of Alembic's, the engine knows the container.
        while (!rehearsing.IsCompleted && !await HasBegunAsync(workshop, during))
            await Task.Delay(50, Cancellation);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rehearsing);
        Assert.Empty(await workshop.LeftAsync());
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 480_000)]
    public async Task What_a_killed_run_left_is_removed_by_the_next_and_its_own_is_not()
    {
        var project = $"leftovers-{Guid.NewGuid():N}"[..20];
        var image = (await lab.Docker("ps", "--filter", $"label=com.docker.compose.project={lab.Options.Name}", "--filter", "label=com.docker.compose.service=db", "--format", "{{.Image}}"))[0];
        foreach (var run in (string[])["dead", "own"])
        {
            IEnumerable<string> labels = ["--label", $"{Labels.Scratch}={run}", "--label", $"{Labels.Deployment}={project}"];
            await lab.Docker(["network", "create", "--internal", .. labels, $"{project}-{run}"]);
            await lab.Docker(["run", "--detach", "--pull=never", "--network", $"{project}-{run}", .. labels, "--name", $"{project}-{run}", "--entrypoint", "sleep", image, "600"]);
        }
        Assert.Equal([$"{project}-dead", $"{project}-dead"], await RehearsalLeftovers.RemoveAsync(project, "own", Cancellation));
        Assert.Equal([$"{project}-own"], await lab.Docker("ps", "--filter", $"label={Labels.Deployment}={project}", "--format", "{{.Names}}"));
        Assert.Equal([$"{project}-own", $"{project}-own"], await RehearsalLeftovers.RemoveAsync(project, "next", Cancellation));
        Assert.Empty(await lab.Docker("network", "ls", "--filter", $"label={Labels.Deployment}={project}", "--format", "{{.Name}}"));
    }

    private async Task<bool> HasBegunAsync(Workshop workshop, string during) =>
        workshop.Journal.Contains(during, StringComparison.Ordinal)
        || (await lab.Docker("ps", "--no-trunc", "--filter", $"label={Labels.Scratch}={workshop.Run.Id}", "--format", "{{.Command}}"))
            .Any(command => command.Contains(during, StringComparison.Ordinal));

    private static string Failures(AppTrial trial) =>
        string.Join('\n', [.. trial.Checks.Where(check => !check.Passed).Select(check => $"{check.Name}: {check.Found}"), .. trial.Log]);

    private async Task<RehearsalResult> RunAsync(Workshop workshop, RehearsalRequest request)
    {
        var result = await new Rehearsal(workshop.Run).RunAsync(request, Cancellation);
        output.WriteLine(string.Join('\n', RehearsalText.Lines(result)));
        output.WriteLine(string.Join('\n', result.Stages.Select(stage => $"{stage.Seconds,7:0.00} {stage.Name}")) + $"\n{result.Seconds,7:0.00} in all");
        output.WriteLine(result.ToJson());
        return result;
    }

    private Task<string> RowsAsync() => lab.QueryAsync("SELECT (SELECT count(*) FROM bookings), (SELECT count(*) FROM customers), (SELECT count(*) FROM invoices)");

    private async Task<string> PasswordAsync() =>
        (await File.ReadAllLinesAsync(_production.EnvFile, Cancellation)).Single(line => line.StartsWith("POSTGRES_PASSWORD=", StringComparison.Ordinal)).Split('=', 2)[1];
}
