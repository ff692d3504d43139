using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>The runbook's section 4 on a real stack: exports off and on again while the application stays online.</summary>
[Collection("second lab")]
public sealed class SwitchTests(SecondLab lab)
{
    private const string Line = "exports: EXPORT_MODE=off|webhook in api,jobs; off GET /exports/bookings.csv 404; on GET /exports/bookings.csv 200";
    private readonly Production _production = new(lab);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task Exports_are_off_in_every_consumer_without_an_outage_and_on_again()
    {
        await _production.BringAsync(Production.Good);
        await File.AppendAllTextAsync(_production.EnvFile, "# a comment at the end\n", Cancellation);
        var before = await File.ReadAllTextAsync(_production.EnvFile, Cancellation);

        var off = await _production.RunAsync("DisableExports");

        Assert.True(off.ExitCode == 0, off.ToString());
        Assert.Equal(["EXPORT_MODE=off", "EXPORT_MODE=off"], await ModesAsync());
        Assert.Equal(404, (await lab.GetAsync("/exports/bookings.csv")).Status);
        Assert.Equal(before.Replace("EXPORT_MODE=webhook", "EXPORT_MODE=off", StringComparison.Ordinal), await File.ReadAllTextAsync(_production.EnvFile, Cancellation));
        var kept = off.Json["kept"]!.AsArray().Single()!.ToString().Split('`')[1];
        Assert.Equal(before, await File.ReadAllTextAsync(kept, Cancellation));
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal(0, off.Json["outage"]!["failed"]!.GetValue<int>());
        Assert.True(off.Json["outage"]!["requests"]!.GetValue<int>() > 10, off.ToString());

        var after = await _production.SnapshotAsync();
        var again = await _production.RunAsync("SwitchOff", "--switch", "exports");
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Contains("already", again.Said, StringComparison.Ordinal);
        await _production.UpAsync();
        Assert.Equal(after, await _production.SnapshotAsync());

        var on = await _production.RunAsync("EnableExports");
        Assert.True(on.ExitCode == 0, on.ToString());
        Assert.Equal(["EXPORT_MODE=webhook", "EXPORT_MODE=webhook"], await ModesAsync());
        Assert.Equal(200, (await lab.GetAsync("/exports/bookings.csv")).Status);
        Assert.Equal(before, await File.ReadAllTextAsync(_production.EnvFile, Cancellation));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_dry_run_changes_nothing_and_prints_what_would_be_done()
    {
        await _production.BringAsync(Production.Good);
        var before = await _production.SnapshotAsync();
        var dry = await _production.RunAsync("DisableExports", "--dry-run");
        Assert.True(dry.ExitCode == 0, dry.ToString());
        Assert.Contains("EXPORT_MODE=off", dry.Said, StringComparison.Ordinal);
        Assert.Equal(before, await _production.SnapshotAsync());
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task Where_another_release_is_pinned_than_runs_nothing_is_exchanged()
    {
        await _production.BringAsync(Production.Good);
        await _production.SetAsync(Production.Bad);
        var before = await _production.SnapshotAsync();
        var refused = await _production.RunAsync("DisableExports");
        Assert.True(refused.ExitCode == 3, refused.ToString());
        Assert.Contains("another release", refused.Complaint, StringComparison.Ordinal);
        Assert.Equal(before, await _production.SnapshotAsync());
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_consumer_that_the_compose_file_does_not_hand_the_variable_to_is_refused_before_anything_is_exchanged()
    {
        await _production.BringAsync(Production.Good);
        var copy = _production.CopyFolder();
        try
        {
            var compose = Path.Combine(copy, "docker-compose.yml");
            var text = await File.ReadAllTextAsync(compose, Cancellation);
            var jobs = text.IndexOf("  jobs:", StringComparison.Ordinal);
            await File.WriteAllTextAsync(compose, text[..jobs] + text[jobs..].Replace("env_file: [.env]", "env_file: []", StringComparison.Ordinal), Cancellation);
            var before = await _production.SnapshotAsync();
            var env = await File.ReadAllTextAsync(Path.Combine(copy, ".env"), Cancellation);

            var refused = await Production.RunAsync(_production.Environment(("NUKE_DIRECTORY", copy)), "DisableExports");

            Assert.True(refused.ExitCode == 3, refused.ToString());
            Assert.Contains("reach jobs", refused.Complaint, StringComparison.Ordinal);
            Assert.Equal(env, await File.ReadAllTextAsync(Path.Combine(copy, ".env"), Cancellation));
            Assert.Equal(before, await _production.SnapshotAsync());
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_switch_whose_endpoints_do_not_follow_is_turned_back()
    {
        await _production.BringAsync(Production.Good);
        var before = await File.ReadAllTextAsync(_production.EnvFile, Cancellation);
        var failed = await _production.RunAsync(
            "SwitchOff", "--switch", "exports", "--health-timeout", "20", "--switches", "exports: EXPORT_MODE=off|webhook in api,jobs; off GET /healthz 404");
        Assert.True(failed.ExitCode == 4, failed.ToString());
        Assert.Equal(["EXPORT_MODE=webhook", "EXPORT_MODE=webhook"], await ModesAsync());
        Assert.Equal(before, await File.ReadAllTextAsync(_production.EnvFile, Cancellation));
        Assert.Equal(200, (await lab.GetAsync("/exports/bookings.csv")).Status);
    }

    [Tier(Tier.Default)]
    [Theory(Timeout = 240_000)]
    [InlineData("no-such", "found exports", Line)]
    [InlineData("exports", "twice", Line, Line)]
    [InlineData("exports", "found web", "exports: EXPORT_MODE=off|webhook in api,web")]
    [InlineData("exports", "expected a switch", "exports EXPORT_MODE")]
    public async Task A_switch_that_is_unknown_doubled_or_read_by_strangers_is_a_usage_error(string name, string said, params string[] lines)
    {
        var refused = await _production.RunAsync(["SwitchOff", "--switch", name, .. lines.SelectMany(line => new[] { "--switches", line })]);
        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Contains(said, refused.Complaint, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<string>> ModesAsync()
    {
        List<string> modes = [];
        foreach (var service in (string[])["api", "jobs"])
        {
            var container = (await lab.Docker("ps", "--quiet", "--filter", $"label=com.docker.compose.project={lab.Options.Name}", "--filter", $"label=com.docker.compose.service={service}")).Single();
            modes.Add((await lab.Docker("inspect", "--format", "{{range .Config.Env}}{{println .}}{{end}}", container)).Single(line => line.StartsWith("EXPORT_MODE=", StringComparison.Ordinal)));
        }
        return modes;
    }
}
