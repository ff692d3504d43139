using System.Text.Json.Nodes;
using Runback.Lab.Tests.Faults;
using Runback.Lab.Tests.Lab;
using Runback.Runbook.Processes;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Drills on a copy beside the lab, which plays production: it must not notice them, and nothing of them may stay.</summary>
[Collection("lab")]
public sealed class BesideDrillTests(LabFixture lab) : IDisposable
{
    private readonly Production _production = new(lab);
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-beside-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_drill_beside_production_rolls_a_copy_back_and_leaves_neither_a_trace_nor_a_way_out()
    {
        var before = await PrepareAsync();
        using var program = _production.Start("Drill", "--beside", "--tag", Production.Good, "--objective-data", "3600");
        await program.SaysAsync("5/6");

        Assert.Equal(["api", "db"], (await OfCopyAsync("ps", "{{.Label \"com.docker.compose.service\"}}")).Order());
        var api = Assert.Single(await ApiOfCopyAsync());
        Assert.Empty(Assert.Single(await lab.Docker("inspect", "--format", "ports:{{range $port, $to := .NetworkSettings.Ports}}{{$to}}{{end}}", api)).Replace("ports:", "", StringComparison.Ordinal).Replace("[]", "", StringComparison.Ordinal));
        var proxy = Assert.Single(await lab.Docker("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", $"{lab.Options.Name}-proxy-1"));
        // By its labels: Compose may have left it under another name when somebody broke off an exchange.
        var own = Assert.Single(await lab.Docker("ps", "--quiet", "--filter", $"label=com.docker.compose.project={lab.Options.Name}", "--filter", "label=com.docker.compose.service=api"));
        Assert.True(await ReachesAsync(own, proxy, 8080));
        Assert.False(await CopyReachesAsync(proxy, 8080));
        Assert.False(await CopyReachesAsync("1.1.1.1", 53));

        var ended = await program.EndAsync();

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal((Production.Bad, Production.Good, Production.Good), (ended.Text("from"), ended.Text("to"), ended.Text("runs")));
        Assert.Equal("true", ended.Text("untouched"));
        Assert.Equal(["Preflight", "DrainWorkers", "Backup", "VerifyBackup", "RollbackApp", "Verify"], ended.Json["steps"]!.AsArray().Select(step => step!["name"]!.ToString()));
        Assert.True(ended.Json["rollbackSeconds"]!.GetValue<double>() > 0);
        Assert.True(ended.Json["traffic"]!["requests"]!.GetValue<int>() > 0);
        Assert.Equal("4000", ended.Json["rows"]!.AsArray().Single(row => row!["table"]!.ToString() == "public.bookings")!["after"]!.ToString());
        Assert.Equal(before, await _production.SnapshotAsync());
        await NothingIsLeftAsync();
        Assert.Equal(ended.Text("run"), JsonNode.Parse(File.ReadLines(Path.Combine(_production.Folder, ".runback", "drills.jsonl")).Last())!["run"]!.ToString());
        Assert.Contains("took", (await _production.RunAsync("Status")).Text("drills"), StringComparison.Ordinal);
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_drill_that_would_fill_the_disk_is_refused_before_anything_of_it_is_made()
    {
        var before = await PrepareAsync();
        var small = Directory.CreateDirectory(Path.Combine(_folder, "small")).FullName;
        await using var disk = await SmallDisk.MountAsync(small, "64m");
        foreach (var file in Directory.EnumerateFiles(_production.Folder))
            File.Copy(file, Path.Combine(small, Path.GetFileName(file)));

        var ended = await _production.RunAsync("Drill", "--beside", "--tag", Production.Good, "--directory", small, "--backup-directory", _production.Backups);

        Assert.True(ended.ExitCode == 3, ended.ToString());
        Assert.Contains($"free in {small}", ended.Complaint, StringComparison.Ordinal);
        Assert.Contains("nothing was made", ended.Complaint, StringComparison.Ordinal);
        Assert.Equal(before, await _production.SnapshotAsync());
        await NothingIsLeftAsync();
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_missed_objective_fails_the_drill_and_is_named()
    {
        var before = await PrepareAsync();

        var ended = await _production.RunAsync("Drill", "--beside", "--tag", Production.Good, "--objective-rollback", "0.5", "--objective-outage", "600");

        Assert.True(ended.ExitCode == 5, ended.ToString());
        Assert.StartsWith("rollback (RTO): at most 0.5 s, took", Assert.Single(ended.Json["missed"]!.AsArray())!.ToString(), StringComparison.Ordinal);
        Assert.Contains("rollback (RTO)", ended.Complaint, StringComparison.Ordinal);
        Assert.Equal("0.5", ended.Text("objectives", "rollbackSeconds"));
        Assert.Equal(before, await _production.SnapshotAsync());
        await NothingIsLeftAsync();
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_drill_that_was_killed_is_removed_by_the_next_and_one_that_is_interrupted_removes_itself()
    {
        var before = await PrepareAsync();
        using (var killed = _production.Start("Drill", "--beside", "--tag", Production.Good))
        {
            await killed.SaysAsync("5/6");
            killed.Kill();
            await killed.EndAsync();
        }
        Assert.NotEmpty(await OfCopyAsync("ps", "{{.Names}}"));
        var status = await _production.RunAsync("Status");
        Assert.Equal(("[]", null), (status.Json["unfinishedRuns"]!.ToJsonString(), status.Text("holder")));

        using var interrupted = _production.Start("Drill", "--beside", "--tag", Production.Good);
        await interrupted.SaysAsync("$ sed -i");
        Assert.Contains("removed what a drill that was killed had left", interrupted.Said, StringComparison.Ordinal);
        interrupted.Signal("INT");
        var ended = await interrupted.EndAsync();

        Assert.True(ended.ExitCode == 1, ended.ToString());
        Assert.Contains("interrupted", ended.Complaint, StringComparison.Ordinal);
        Assert.Equal(before, await _production.SnapshotAsync());
        await NothingIsLeftAsync();
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task What_a_drill_needs_and_does_not_have_is_named_before_anything_is_made()
    {
        var before = await PrepareAsync();

        var negative = await _production.RunAsync("Drill", "--beside", "--tag", Production.Good, "--objective-outage=-1");
        Assert.True(negative.ExitCode == 2, negative.ToString());
        Assert.Contains("--objective-outage", negative.Complaint, StringComparison.Ordinal);

        var none = await Production.RunAsync(_production.Environment(("NUKE_BACKUP_DIRECTORY", _folder)), "Drill", "--beside", "--tag", Production.Good);
        Assert.True(none.ExitCode == 3, none.ToString());
        Assert.Contains("verified backup", none.Complaint, StringComparison.Ordinal);

        var missing = await _production.RunAsync("Drill", "--beside", "--tag", Production.Good, "--backup-file", "nowhere.dump");
        Assert.True(missing.ExitCode == 3, missing.ToString());

        var unknown = await _production.RunAsync("Drill", "--beside", "--tag", "2024-01-01-rc1");
        Assert.True(unknown.ExitCode is 2 or 3, unknown.ToString());

        var same = await _production.RunAsync("Drill", "--beside", "--tag", Production.Bad);
        Assert.True(same.ExitCode == 3, same.ToString());

        var facts = Directory.EnumerateFiles(_production.Backups, "*.dump.json").Order(StringComparer.Ordinal).Last();
        var written = await File.ReadAllTextAsync(facts, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(facts, System.Text.RegularExpressions.Regex.Replace(written, "\"databaseBytes\": \\d+", "\"databaseBytes\": 900000000000000"), TestContext.Current.CancellationToken);
        var full = await _production.RunAsync("Drill", "--beside", "--tag", Production.Good);
        await File.WriteAllTextAsync(facts, written, TestContext.Current.CancellationToken);
        Assert.True(full.ExitCode == 3, full.ToString());
        Assert.Contains("where the engine keeps its containers", full.Complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("2/6", full.ToString(), StringComparison.Ordinal);

        var dry = await _production.RunAsync("Drill", "--beside", "--tag", Production.Good, "--dry-run");
        Assert.True(dry.ExitCode == 2, dry.ToString());

        Assert.Equal(before, await _production.SnapshotAsync());
        await NothingIsLeftAsync();
    }

    [Tier(Tier.Thorough)]
    [Theory(Timeout = 1_200_000)]
    [InlineData("Downgrade")]
    [InlineData("Restore")]
    public async Task An_emergency_strategy_is_drilled_on_the_copy_and_production_keeps_its_data(string strategy)
    {
        // The backup that a restore goes back to is of the time before the breaking migration; the copy begins with the one after it.
        await lab.DeployFreshAsync(Production.Good);
        await BackUpAsync();
        await _production.DeployAsync(Production.Breaking);
        await BackUpAsync();
        var before = await _production.SnapshotAsync();

        var ended = await _production.RunAsync("Drill", "--beside", "--tag", Production.Good, "--strategy", strategy);

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Contains($"{strategy}Database", ended.Json["steps"]!.AsArray().Select(step => step!["name"]!.ToString()));
        Assert.Equal((Production.Breaking, Production.Good, Production.Good), (ended.Text("from"), ended.Text("to"), ended.Text("runs")));
        Assert.Equal("true", ended.Text("untouched"));
        Assert.Equal(Production.BreakingRevision, await _production.RevisionAsync());
        Assert.Equal(before, await _production.SnapshotAsync());
        await NothingIsLeftAsync();
        await _production.AssertNothingLeftAsync();
    }

    private async Task BackUpAsync()
    {
        var backup = await _production.RunAsync("Backup", "VerifyBackup");
        Assert.True(backup.ExitCode == 0, backup.ToString());
    }

    // Production on the bad release, with a verified backup of it; what it then is.
    private async Task<string> PrepareAsync()
    {
        await _production.BringAsync(Production.Bad);
        await BackUpAsync();
        return await _production.SnapshotAsync();
    }

    private async Task<IReadOnlyList<string>> OfCopyAsync(string list, string format) =>
        await lab.Docker([.. list.Split(' '), "--filter", $"label=dev.runback.drill={lab.Options.Name}", "--format", format]);

    private async Task NothingIsLeftAsync()
    {
        Assert.Empty(await OfCopyAsync("ps --all", "{{.Names}}"));
        Assert.Empty(await OfCopyAsync("network ls", "{{.Name}}"));
        Assert.Empty(await OfCopyAsync("volume ls", "{{.Name}}"));
        Assert.Empty(await lab.Docker("ps", "--all", "--quiet", "--filter", $"name=^runback-lock-{lab.Options.Name}-drill$"));
        Assert.False(Directory.Exists(Path.Combine(_production.Folder, ".runback", "drills")));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Combine(_production.Folder, ".runback"), "env.*.before", SearchOption.AllDirectories),
            file => File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "drill.json")));
    }

    private Task<IReadOnlyList<string>> ApiOfCopyAsync() =>
        lab.Docker("ps", "--quiet", "--filter", $"label=dev.runback.drill={lab.Options.Name}", "--filter", "label=com.docker.compose.service=api");

    // The copy's container may be exchanged while it is asked: the one that is there then is asked again.
    private async Task<bool> CopyReachesAsync(string host, int port)
    {
        while (true)
        {
            if (await ApiOfCopyAsync() is [var api] && await ReachesAsync(api, host, port) is { } reaches)
                return reaches;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    // Null when it couldn't be asked.
    private async Task<bool?> ReachesAsync(string container, string host, int port)
    {
        var asked = await lab.Shell.TryAsync(
            new Command("docker", "exec", container, "python", "-IS", "-c", "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)", host, $"{port}"),
            TestContext.Current.CancellationToken);
        // Python's own refusal is an exception that it names.
        return asked.Succeeded ? true : asked.Error.Contains("Traceback", StringComparison.Ordinal) ? false : null;
    }
}
