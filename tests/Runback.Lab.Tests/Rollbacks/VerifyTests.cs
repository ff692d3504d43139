using System.Text.Json.Nodes;
using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>The verification on a real stack: metrics, error rate, logs, heartbeat, for a while, and what it notes and keeps.</summary>
[Collection("second lab")]
public sealed class VerifyTests(SecondLab lab)
{
    private readonly Production _production = new(lab);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Ledger => Path.Combine(_production.Folder, ".runback", "releases.jsonl");

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_good_release_passes_every_check_and_the_token_of_the_env_file_opens_the_metrics()
    {
        await _production.BringAsync(Production.Good);
        var token = (await File.ReadAllLinesAsync(_production.EnvFile, Cancellation)).Single(line => line.StartsWith("METRICS_TOKEN=", StringComparison.Ordinal)).Split('=')[1];

        var verified = await _production.RunAsync("Verify");

        Assert.True(verified.ExitCode == 0, verified.ToString());
        Assert.Equal(
            ["containers", "settled", "health", "readiness", "jobs heartbeat", "database revision", "smoke requests", "metrics", "error rate", "logs"],
            verified.Json["checks"]!.AsArray().Select(check => check!["name"]!.ToString()));
        Assert.DoesNotContain(token, verified.ToString(), StringComparison.Ordinal);

        var wrong = await Production.RunAsync(_production.Environment(("NUKE_METRICS_TOKEN", "another-token")), "Verify", "--health-timeout", "1");
        AssertFailed(wrong, "metrics", "401");
        Assert.DoesNotContain("another-token", wrong.ToString(), StringComparison.Ordinal);
        AssertFailed(await _production.RunAsync("Verify", "--health-timeout", "1", "--metrics-series", "no_such_series{a=\"b\"}"), "metrics", "none of them no_such_series");
        AssertFailed(await _production.RunAsync("Verify", "--health-timeout", "1", "--metrics-path", "/healthz"), "metrics", "not Prometheus text");
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Overlapping_heads_that_the_running_release_does_not_know_are_refused_everywhere_until_they_are_gone()
    {
        await _production.BringAsync(Production.Good);
        Assert.Equal(Production.KeptRevision, await _production.RevisionAsync());
        await lab.QueryAsync($"INSERT INTO alembic_version VALUES ('{Production.GoodRevision}')");
        try
        {
            const string said = $"{Production.GoodRevision} beside {Production.KeptRevision}";
            var verified = await _production.RunAsync("Verify", "--health-timeout", "1");
            AssertFailed(verified, "database revision", said);
            Assert.Contains($"{Production.KeptRevision} where its migrations aren't in the schema", Check(verified, "database revision")["hint"]!.ToString(), StringComparison.Ordinal);
            Assert.Contains(said, (await _production.RunAsync("Status")).Json["revisionsProblem"]!.ToString(), StringComparison.Ordinal);
            var refused = await _production.RunAsync("Rollback", "--tag", Production.Bad);
            Assert.True(refused.ExitCode == 3, refused.ToString());
            Assert.Contains(said, refused.Complaint, StringComparison.Ordinal);
            await _production.AssertRunsAsync(Production.Good);
        }
        finally
        {
            await lab.QueryAsync($"DELETE FROM alembic_version WHERE version_num = '{Production.GoodRevision}'");
        }
        var good = await _production.RunAsync("Verify");
        Assert.True(good.ExitCode == 0, good.ToString());
    }

    [Tier(Tier.Default)]
    [Theory(Timeout = 240_000)]
    [InlineData("--metrics-path=metrics", "--metrics-path")]
    [InlineData("--error-series=rate(x[5m])", "a series")]
    [InlineData("--error-limit=101", "--error-limit")]
    [InlineData("--log-fail=(", "--log-fail")]
    [InlineData("--log-window=10", "--log-window")]
    [InlineData("--good-after=soon", "--good-after")]
    [InlineData("--verify-timeout=0", "--verify-timeout")]
    [InlineData("--watch-interval=0", "--watch-interval")]
    public async Task What_can_not_be_looked_for_is_refused(string argument, string said)
    {
        var refused = await _production.RunAsync("Verify", "--watch", argument);
        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Contains(said, refused.Complaint, StringComparison.Ordinal);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_release_with_errors_shows_its_rate_and_its_traceback_and_a_rollback_keeps_its_log()
    {
        await _production.BringAsync(Production.Bad);
        Ended failed, forbidden, rolledBack;
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation))
        {
            var traffic = TrafficAsync(stop.Token);
            // Between two scrapes so far apart there are enough requests to judge by, on a busy machine too.
            failed = await _production.RunAsync("Verify", "--settle-time", "5");
            forbidden = await _production.RunAsync("Verify", "--log-fail", "ZeroDivision\\w+", "--error-limit", "100");
            rolledBack = await _production.RunAsync("Rollback", "--tag", Production.Good, "--reason", "visits under an hour fail");
            await stop.CancelAsync();
            await traffic;
        }
        AssertFailed(failed, "error rate", "requests)");
        Assert.Contains("error in api's log", failed.Said, StringComparison.Ordinal);
        AssertFailed(forbidden, "logs", "ZeroDivisionError: ");

        Assert.True(rolledBack.ExitCode == 0, rolledBack.ToString());
        Assert.Matches("before: [0-9.]+% ", Check(rolledBack, "error rate")["found"]!.ToString());
        Assert.True(rolledBack.Json["logChanges"]!["beforeSeconds"]!.GetValue<double>() > 5);
        var kept = Directory.GetFiles(Path.Combine(Path.GetDirectoryName(rolledBack.Text("report"))!, "logs"));
        Assert.Contains(kept, file => File.ReadAllText(file).Contains("ZeroDivisionError", StringComparison.Ordinal));
        Assert.All(kept, file => Assert.DoesNotContain("METRICS_TOKEN", File.ReadAllText(file), StringComparison.Ordinal));

        // The containers are new, and so is their log: what the bad release logged isn't held against the good one.
        var after = await _production.RunAsync("Verify", "--log-fail", "ZeroDivision\\w+");
        Assert.True(after.ExitCode == 0, after.ToString());
        Assert.NotNull(after.Json["logChanges"]!["beforeSeconds"]);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_release_that_crashes_after_a_while_is_not_noted_as_good_and_can_be_rolled_back_meanwhile()
    {
        await _production.BringAsync(Production.Good);
        await _production.BringAsync(Production.Crashing);
        var before = File.Exists(Ledger) ? await File.ReadAllTextAsync(Ledger, Cancellation) : "";

        using var watching = _production.Start("Verify", "--good-after", "5m", "--watch-interval", "1");
        await watching.SaysAsync("good for ");
        await _production.AssertUnlockedAsync();
        var ended = await watching.EndAsync();

        Assert.True(ended.ExitCode == 5, ended.ToString());
        Assert.Contains("NOT good: ", ended.Said, StringComparison.Ordinal);
        Assert.Equal(before, File.Exists(Ledger) ? await File.ReadAllTextAsync(Ledger, Cancellation) : "");
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_release_that_stays_good_is_noted_after_that_time_and_a_watch_that_a_person_ends_notes_nothing()
    {
        await _production.BringAsync(Production.Good);
        var good = await _production.RunAsync("Verify", "--good-after", "8s", "--watch-interval", "1");
        Assert.True(good.ExitCode == 0, good.ToString());
        Assert.Contains(" of 8s", good.Said, StringComparison.Ordinal);
        var noted = await File.ReadAllTextAsync(Ledger, Cancellation);
        Assert.Contains($"\"run\":\"{good.Text("run")}\"", noted, StringComparison.Ordinal);

        using var watching = _production.Start("Verify", "--watch", "--watch-interval", "1");
        await watching.SaysAsync("good for ");
        watching.Signal("INT");
        var ended = await watching.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal(noted, await File.ReadAllTextAsync(Ledger, Cancellation));

        using var failing = _production.Start("Verify", "--watch", "--watch-interval", "1", "--log-fail", ".", "--health-timeout", "1");
        await failing.SaysAsync("NOT good: logs");
        failing.Signal("INT");
        Assert.Equal(5, (await failing.EndAsync()).ExitCode);
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_release_that_was_rolled_back_from_is_trusted_again_when_another_person_vouches_for_it()
    {
        await _production.BringAsync(Production.Bad);
        var back = await _production.RunAsync("Rollback", "--tag", Production.Good, "--reason", "it looked guilty");
        Assert.True(back.ExitCode == 0, back.ToString());
        string[] vouched = ["Trust", "--tag", Production.Bad, "--reason", "the network it was"];

        Assert.Equal(2, (await _production.RunAsync("Trust", "--reason", "x", "--approved-by", "Ada")).ExitCode);
        Assert.Equal(2, (await _production.RunAsync(vouched)).ExitCode);
        Assert.Equal(3, (await Production.RunAsync(_production.Environment(("SUDO_USER", "ada")), [.. vouched, "--approved-by", "@Ada"])).ExitCode);
        // A release that no test gets to run, whatever came before this one.
        var stranger = await _production.RunAsync("Trust", "--tag", Production.Halfway, "--reason", "x", "--approved-by", "Ada");
        Assert.True(stranger.ExitCode == 3, stranger.ToString());
        var before = await File.ReadAllTextAsync(Ledger, Cancellation);
        Assert.Equal(0, (await _production.RunAsync([.. vouched, "--approved-by", "Ada", "--dry-run"])).ExitCode);
        Assert.Equal(before, await File.ReadAllTextAsync(Ledger, Cancellation));

        var trusted = await _production.RunAsync([.. vouched, "--approved-by", "Ada"]);
        Assert.True(trusted.ExitCode == 0, trusted.ToString());
        var line = JsonNode.Parse((await File.ReadAllTextAsync(Ledger, Cancellation))[before.Length..])!;
        Assert.Equal(("trustedAgain", Production.Bad, "Ada", "the network it was"), (line["event"]!.ToString(), line["tag"]!.ToString(), line["by"]!.ToString(), line["why"]!.ToString()));
        before = await File.ReadAllTextAsync(Ledger, Cancellation);
        var again = await _production.RunAsync([.. vouched, "--approved-by", "Ada"]);
        Assert.Contains("trusted again already", again.Said, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(Ledger, Cancellation));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task The_image_of_a_release_that_verified_good_survives_pruning()
    {
        await _production.BringAsync(Production.Good);
        var verified = await _production.RunAsync("Verify");
        Assert.True(verified.ExitCode == 0, verified.ToString());
        await _production.BringAsync(Production.Bad);
        await lab.Docker("pull", "--quiet", $"{_production.Image}:{Production.NeverReady}");

        await lab.Docker("image", "prune", "--all", "--force", "--filter", $"label={LabImage.RepositoryLabel}={_production.Image}");

        Assert.NotEmpty(await lab.Docker("image", "ls", "--quiet", $"{_production.Image}:{Production.Good}"));
        Assert.Empty(await lab.Docker("image", "ls", "--quiet", $"{_production.Image}:{Production.NeverReady}"));
        var status = await _production.RunAsync("Status");
        Assert.Contains(Production.Good, status.Json["kept"]!.AsArray().Select(tag => tag!.ToString()));
        var keepers = await lab.Docker("ps", "--all", "--filter", $"label=dev.runback.deployment={lab.Options.Name}", "--filter", "label=dev.runback.keeps", "--format", "{{.State}}");
        Assert.InRange(keepers.Count, 1, 3);
        Assert.All(keepers, state => Assert.Equal("created", state));
        Assert.Equal("api db jobs proxy", string.Join(' ', (await lab.Compose("ps", "--all", "--services")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)));
    }

    private static JsonNode Check(Ended ended, string name) => ended.Json["checks"]!.AsArray().Single(check => check!["name"]!.ToString() == name)!;

    private static void AssertFailed(Ended ended, string check, string said)
    {
        Assert.True(ended.ExitCode == 5, ended.ToString());
        Assert.False(Check(ended, check)["passed"]!.GetValue<bool>(), ended.ToString());
        Assert.Contains(said, Check(ended, check)["found"]!.ToString(), StringComparison.Ordinal);
    }

    // Visits under an hour and others, as people look at them.
    private async Task TrafficAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await lab.GetAsync("/bookings/5");
                await lab.GetAsync("/bookings?limit=1");
                await Task.Delay(20, stop);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !Cancellation.IsCancellationRequested)
            {
                // While containers are exchanged nobody answers.
            }
        }
    }
}
