using System.Text.Json.Nodes;
using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>The main job, by the program itself on a real stack: back to a release that works, and what a person may do afterwards.</summary>
[Collection("lab")]
public sealed class RollbackTests(LabFixture lab)
{
    private readonly Production _production = new(lab);

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_dry_run_prints_the_commands_and_changes_nothing()
    {
        await _production.BringAsync(Production.Bad);
        var before = await _production.SnapshotAsync();

        var dry = await _production.RunAsync("Rollback", "--tag", Production.Good, "--dry-run");

        Assert.Equal(0, dry.ExitCode);
        Assert.Equal(before, await _production.SnapshotAsync());
        Assert.Equal(("Done", "true"), (dry.Text("outcome"), dry.Text("dryRun")));
        Assert.True(dry.Said.Contains("pg_dump", StringComparison.Ordinal), dry.ToString());
        Assert.Matches($@"\$ sed -i .*IMAGE_TAG={Production.Good}", dry.Said);
        Assert.Matches(@"\$ docker compose .* up --detach .* api", dry.Said);
        Assert.Matches(@"\$ docker compose .* up --detach .* jobs", dry.Said);
        Assert.Contains("nothing was changed", dry.Said, StringComparison.Ordinal);
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_rollback_is_verified_is_kept_by_a_plain_up_and_changes_nothing_the_second_time()
    {
        await _production.BringAsync(Production.Bad);
        Assert.Equal(500, (await lab.GetAsync("/bookings/5")).Status);

        var first = await _production.RunAsync("Rollback", "--tag", Production.Good, "--reason", "visits under an hour fail");

        Assert.True(first.ExitCode == 0, first.ToString());
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal(200, (await lab.GetAsync("/bookings/5")).Status);
        AssertResult(first.Json);
        var after = await _production.SnapshotAsync();
        Assert.EndsWith($"\n\n{Production.KeptRevision}", after, StringComparison.Ordinal);

        // Trap 1: whatever is typed on this host later keeps the release, and exchanges nothing.
        await _production.UpAsync();
        Assert.Equal(after, await _production.SnapshotAsync());

        var second = await _production.RunAsync("Rollback", "--tag", Production.Good);
        Assert.True(second.ExitCode == 0, second.ToString());
        Assert.Contains("already runs and is pinned", second.Said, StringComparison.Ordinal);
        Assert.Equal(["Preflight", "Verify"], second.Json["steps"]!.AsArray().Select(step => step!["name"]!.ToString()));
        Assert.Equal(after, await _production.SnapshotAsync());
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task The_release_before_is_returned_to_and_returning_again_changes_nothing()
    {
        await _production.BringAsync(Production.Bad);
        var cutover = await _production.RunAsync("RollbackApp", "--tag", Production.Good, "--skip", "Backup", "--skip", "VerifyBackup");
        Assert.True(cutover.ExitCode == 0, cutover.ToString());
        await _production.AssertRunsAsync(Production.Good);

        var back = await _production.RunAsync("Return");

        Assert.True(back.ExitCode == 0, back.ToString());
        await _production.AssertRunsAsync(Production.Bad);
        Assert.Equal((Production.Good, Production.Bad), (back.Text("from", "tag"), back.Text("to", "tag")));
        var after = await _production.SnapshotAsync();
        await _production.UpAsync();
        Assert.Equal(after, await _production.SnapshotAsync());
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task Overlapping_containers_let_no_request_fail()
    {
        await _production.BringAsync(Production.Bad);

        var rollback = await _production.RunAsync("Rollback", "--tag", Production.Good, "--cutover", "Overlap");

        Assert.True(rollback.ExitCode == 0, rollback.ToString());
        await _production.AssertRunsAsync(Production.Good);
        var outage = rollback.Json["outage"]!;
        Assert.True(outage["requests"]!.GetValue<int>() > 5, rollback.Output);
        // The proxy may hold one idle connection to the container that goes.
        Assert.InRange(outage["failed"]!.GetValue<int>(), 0, 1);
        var after = await _production.SnapshotAsync();
        await _production.UpAsync();
        Assert.Equal(after, await _production.SnapshotAsync());
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_tag_variable_in_the_shell_that_runs_it_does_not_win_over_the_pin()
    {
        await _production.BringAsync(Production.Bad);

        var rollback = await Production.RunAsync(_production.Environment(("IMAGE_TAG", Production.Bad)), "Rollback", "--tag", Production.Good);

        Assert.True(rollback.ExitCode == 0, rollback.ToString());
        await _production.AssertRunsAsync(Production.Good);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_rollback_by_hand_that_left_another_release_pinned_is_pinned_and_verified()
    {
        // Section 2 of the runbook: the override lasts for one command.
        await _production.BringAsync(Production.Bad);
        await lab.Shell.ReadAsync(
            new Runback.Runbook.Processes.Command("docker", "compose", "up", "--detach", "--timeout", "1", "api", "jobs") { WorkingDirectory = _production.Folder }
                .WithEnvironment("IMAGE_TAG", Production.Good),
            TestContext.Current.CancellationToken);

        var status = await _production.RunAsync("Status");
        Assert.Equal("false", status.Text("runsWhatIsPinned"));
        var rollback = await _production.RunAsync("Rollback", "--tag", Production.Good);

        Assert.True(rollback.ExitCode == 0, rollback.ToString());
        await _production.UpAsync();
        await _production.AssertRunsAsync(Production.Good);
    }

    private void AssertResult(JsonObject result)
    {
        Assert.Equal(("Rollback", "Done", "0", "AppOnly"), (result["target"]!.ToString(), result["outcome"]!.ToString(), result["exitCode"]!.ToString(), result["strategy"]!.ToString()));
        Assert.Equal((Production.Bad, Production.Good), (result["from"]!["tag"]!.ToString(), result["to"]!["tag"]!.ToString()));
        Assert.StartsWith("sha256:", result["to"]!["digests"]!["jobs"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal([Production.KeptRevision], result["database"]!["before"]!.AsArray().Select(revision => revision!.ToString()));
        Assert.Equal([Production.KeptRevision], result["database"]!["after"]!.AsArray().Select(revision => revision!.ToString()));
        var backup = result["backup"]!;
        Assert.Equal("Decode", backup["level"]!.ToString());
        Assert.Equal(new FileInfo(backup["file"]!.ToString()).Length, backup["bytes"]!.GetValue<long>());
        Assert.StartsWith(backup["sha256"]!.ToString(), File.ReadAllText(backup["file"] + ".sha256"), StringComparison.Ordinal);
        Assert.Equal(
            ["Backup", "DrainWorkers", "Preflight", "RollbackApp", "Verify", "VerifyBackup"],
            result["steps"]!.AsArray().Select(step => step!["name"]!.ToString()).Order(StringComparer.Ordinal));
        Assert.All(result["checks"]!.AsArray(), check => Assert.True(check!["passed"]!.GetValue<bool>()));
        Assert.True(result["outage"]!["requests"]!.GetValue<int>() > 0);
        Assert.Equal("Done", JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(result["report"]!.ToString())!, "result.json")))!["outcome"]!.ToString());
        Assert.StartsWith("# Rollback: Done", File.ReadAllText(result["report"]!.ToString()), StringComparison.Ordinal);
        var ledger = File.ReadAllText(Path.Combine(_production.Folder, ".runback", "releases.jsonl"));
        Assert.Contains("visits under an hour fail", ledger, StringComparison.Ordinal);
    }
}
