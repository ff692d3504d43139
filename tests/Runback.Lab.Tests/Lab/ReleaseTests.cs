using System.Text.Json;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Lab;

/// <summary>Each release behaves as its description says.</summary>
[Collection("lab")]
public sealed class ReleaseTests(LabFixture lab)
{
    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task The_good_release_lists_makes_and_shows_bookings_and_is_ready()
    {
        await lab.DeployFreshAsync("2025-12-15-rc1");

        Assert.Equal(200, (await lab.GetAsync("/healthz")).Status);
        var (status, payload) = await lab.ReadyAsync(200);
        Assert.Equal(200, status);
        var migrations = LabFixture.Check(payload, "migrations").GetProperty("detail");
        Assert.True(migrations.GetProperty("migrations_current").GetBoolean());
        Assert.Equal("a7d24c6e1b93", migrations.GetProperty("expected_head").GetString());

        var (made, body) = await lab.PostAsync("/bookings", new { customer_id = 1, scheduled_at = "2026-01-05T09:00:00Z", duration_minutes = 45, address = "1 Mill Lane" });
        Assert.Equal(201, made);
        var id = JsonSerializer.Deserialize<JsonElement>(body).GetProperty("id").GetInt64();
        Assert.Equal(4001, id);
        Assert.Equal(200, (await lab.GetAsync($"/bookings/{id}")).Status);
        Assert.Equal(200, (await lab.GetAsync("/bookings/5")).Status);
        Assert.Equal(404, (await lab.GetAsync("/bookings/999999")).Status);
        Assert.Equal(201, (await lab.PostAsync("/invoices", new { booking_id = id })).Status);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Metrics_are_for_the_bearer_of_the_token()
    {
        await lab.DeployFreshAsync("2025-12-01-rc1");
        Assert.Equal(401, (await lab.GetAsync("/metrics")).Status);
        Assert.Equal(401, (await lab.GetAsync("/metrics", "wrong")).Status);
        var token = File.ReadLines(Path.Combine(lab.Options.Directory, ".env")).Single(line => line.StartsWith("METRICS_TOKEN=", StringComparison.Ordinal)).Split('=')[1];
        var (status, body) = await lab.GetAsync("/metrics", token);
        Assert.Equal(200, status);
        Assert.Contains("http_requests_total{method=\"GET\",status=\"401\"}", body, StringComparison.Ordinal);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task The_buggy_release_answers_500_for_short_visits_and_leaves_a_database_that_older_code_does_not_know()
    {
        await lab.DeployFreshAsync("2025-12-20-rc1");

        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal(200, (await lab.GetAsync("/bookings/4")).Status);
        Assert.Equal(500, (await lab.GetAsync("/bookings/5")).Status);
        var log = (await lab.Compose("logs", "api")).Output;
        Assert.Contains("ERROR app.errors: unhandled error in GET /bookings/5", log, StringComparison.Ordinal);
        Assert.Contains("ZeroDivisionError", log, StringComparison.Ordinal);

        var refused = await Assert.ThrowsAsync<RunbookException>(
            () => lab.Stack.DeployAsync("2025-12-15-rc1", reset: false, TestContext.Current.CancellationToken));
        Assert.Contains("d18e47b06c52 of 2025-12-20-rc1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--reset", refused.Hint, StringComparison.Ordinal);
        Assert.Contains("IMAGE_TAG=2025-12-20-rc1\n", await File.ReadAllTextAsync(Path.Combine(lab.Options.Directory, ".env"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Old_code_over_the_additive_migrations_works_and_is_not_ready_only_for_its_migrations()
    {
        await lab.DeployFreshAsync("2025-12-20-rc1");
        // The release alone, as a rollback of the application leaves it.
        var shell = lab.Shell;
        await shell.ReadAsync(
            new Runback.Runbook.Processes.Command("docker", "compose", "up", "--detach", "--timeout", "1", "api", "jobs") { WorkingDirectory = lab.Options.Directory }
                .WithEnvironment("IMAGE_TAG", "2025-12-15-rc1"),
            TestContext.Current.CancellationToken);

        var (status, payload) = await lab.ReadyAsync(503);
        Assert.Equal(503, status);
        var detail = LabFixture.Check(payload, "migrations").GetProperty("detail");
        Assert.Equal("d18e47b06c52", detail.GetProperty("current_version").GetString());
        Assert.Equal("a7d24c6e1b93", detail.GetProperty("expected_head").GetString());
        Assert.True(LabFixture.Check(payload, "db").GetProperty("ok").GetBoolean());
        Assert.True(LabFixture.Check(payload, "jobs").GetProperty("ok").GetBoolean());
        Assert.Equal(200, (await lab.GetAsync("/bookings/5")).Status);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task The_breaking_release_can_be_downgraded_and_loses_the_notes()
    {
        await lab.DeployFreshAsync("2025-12-22-rc1");

        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal(200, (await lab.GetAsync("/bookings/5")).Status);
        var downgrade = await lab.Compose("run", "--rm", "--no-deps", "-T", "api", "alembic", "downgrade", "a7d24c6e1b93");
        Assert.True(downgrade.Succeeded, downgrade.Complaint);
        Assert.Equal("4000|0", await lab.QueryAsync("SELECT count(status), count(access_notes) FROM bookings"));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task The_renumbering_release_rewrites_invoices_and_its_downgrade_raises()
    {
        await lab.DeployFreshAsync("2025-12-23-rc1");

        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal("3000", await lab.QueryAsync("SELECT count(*) FROM invoices WHERE number LIKE 'R20__-%'"));
        var downgrade = await lab.Compose("run", "--rm", "--no-deps", "-T", "api", "alembic", "downgrade", "a7d24c6e1b93");
        Assert.False(downgrade.Succeeded);
        Assert.Contains("can't come back", downgrade.Output + downgrade.Error, StringComparison.Ordinal);
        Assert.Equal("e6b40d8a2f17", await lab.QueryAsync("SELECT version_num FROM alembic_version"));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task The_unready_release_lives_and_is_never_ready()
    {
        await lab.DeployFreshAsync("2025-12-24-rc1");

        Assert.Equal(200, (await lab.GetAsync("/healthz")).Status);
        var (status, payload) = await lab.ReadyAsync(200, seconds: 6);
        Assert.Equal(503, status);
        Assert.False(LabFixture.Check(payload, "jobs").GetProperty("ok").GetBoolean());
        Assert.True(LabFixture.Check(payload, "migrations").GetProperty("ok").GetBoolean());
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task The_crashing_release_is_ready_first_and_is_restarted_after_some_seconds()
    {
        await lab.DeployFreshAsync("2025-12-25-rc1");

        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        var container = (await lab.Docker("ps", "--quiet", "--filter", $"label=com.docker.compose.project={lab.Options.Name}", "--filter", "label=com.docker.compose.service=api")).Single();
        var restarts = 0;
        for (var left = 60; restarts == 0 && left > 0; left--)
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            restarts = int.Parse((await lab.Docker("inspect", "--format", "{{.RestartCount}}", container)).Single());
        }
        Assert.True(restarts > 0);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task The_first_release_runs_on_the_schema_that_is_seeded()
    {
        await lab.DeployFreshAsync("2025-12-01-rc1");

        Assert.Equal(200, (await lab.ReadyAsync(200)).Status);
        Assert.Equal("c05a7de4186f", await lab.QueryAsync("SELECT version_num FROM alembic_version"));
        await lab.Stack.DeployAsync("2025-12-15-rc1", reset: false, TestContext.Current.CancellationToken);
        Assert.Equal("a7d24c6e1b93", await lab.QueryAsync("SELECT version_num FROM alembic_version"));
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_tag_that_is_no_release_is_refused_with_those_that_are()
    {
        var refused = await Assert.ThrowsAsync<RunbookException>(
            () => lab.Stack.DeployAsync("latest", reset: false, TestContext.Current.CancellationToken));
        Assert.Contains("2025-12-15-rc1", refused.Hint, StringComparison.Ordinal);
    }
}
