using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Runs that are killed, interrupted, or meet another one.</summary>
[Collection("lab")]
public sealed class InterruptionTests(LabFixture lab) : IDisposable
{
    private readonly Production _production = new(lab);
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-slow-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 300_000)]
    public async Task A_run_that_was_killed_in_its_cutover_is_finished_by_the_same_command_and_returned_from()
    {
        await _production.BringAsync(Production.Bad);
        using (var killed = _production.Start("Rollback", "--tag", Production.Good))
        {
            await killed.SaysAsync("$ sed -i");
            killed.Kill();
            await killed.EndAsync();
        }
        await _production.UnlockedAsync();
        Assert.NotEqual("[]", (await _production.RunAsync("Status")).Json["unfinishedRuns"]!.ToJsonString());

        var again = await _production.RunAsync("Rollback", "--tag", Production.Good);

        Assert.True(again.ExitCode == 0, again.ToString());
        await _production.AssertRunsAsync(Production.Good);
        Assert.Equal(Production.Bad, again.Text("from", "tag"));
        Assert.Equal("[]", (await _production.RunAsync("Status")).Json["unfinishedRuns"]!.ToJsonString());

        var back = await _production.RunAsync("Return");
        Assert.True(back.ExitCode == 0, back.ToString());
        await _production.AssertRunsAsync(Production.Bad);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_run_that_was_killed_while_it_dumped_leaves_no_half_dump_for_the_next()
    {
        await _production.BringAsync(Production.Bad);
        using (var killed = _production.Start("Rollback", "--tag", Production.Good))
        {
            await killed.SaysAsync("pg_dump");
            killed.Kill();
            await killed.EndAsync();
        }
        await _production.UnlockedAsync();

        var again = await _production.RunAsync("Rollback", "--tag", Production.Good);

        Assert.True(again.ExitCode == 0, again.ToString());
        await _production.AssertRunsAsync(Production.Good);
        Assert.True(File.Exists(again.Text("backup", "file")));
    }

    [Theory(Timeout = 300_000)]
    [InlineData("INT", "$ sed -i", 130)]
    [InlineData("TERM", "pg_dump", 143)]
    public async Task An_interrupted_run_leaves_production_serving_on_one_release_and_no_lock(string signal, string moment, int exitCode)
    {
        await _production.BringAsync(Production.Bad);
        using var program = _production.Start("Rollback", "--tag", Production.Good);
        await program.SaysAsync(moment);
        program.Signal(signal);

        var ended = await program.EndAsync();

        Assert.Contains(ended.ExitCode, (int[])[exitCode, 4]);
        Assert.Contains("interrupted", ended.Said, StringComparison.Ordinal);
        await _production.AssertRunsAsync(Production.Bad);
        Assert.Empty(await _production.LockAsync());
        await _production.UpAsync();
        await _production.AssertRunsAsync(Production.Bad);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_second_run_is_told_who_holds_the_deployment_and_a_killed_holder_holds_nothing()
    {
        await _production.BringAsync(Production.Good);
        using var holder = _production.Start("Backup", "--backup-command", SlowScript());
        await holder.SaysAsync("slow.sh");
        while (!File.Exists(Path.Combine(_folder, "running")))
            await Task.Delay(20, TestContext.Current.CancellationToken);
        var held = (await _production.RunAsync("Status")).Json["holder"]!;
        Assert.Equal(("Backup", holder.Id), (held["target"]!.ToString(), held["processId"]!.GetValue<int>()));
        var before = await _production.SnapshotAsync();

        var second = await _production.RunAsync("Rollback", "--tag", Production.Bad);

        Assert.True(second.ExitCode == 6, second.ToString());
        Assert.Equal("Locked", second.Text("outcome"));
        Assert.Contains($"Backup (run {held["run"]}) by {Environment.UserName}@", second.Complaint, StringComparison.Ordinal);
        Assert.Contains($"process {holder.Id}", second.Complaint, StringComparison.Ordinal);
        Assert.Equal(before, await _production.SnapshotAsync());
        var dry = await _production.RunAsync("Rollback", "--tag", Production.Bad, "--dry-run");
        Assert.Contains($"process {holder.Id}", dry.Said, StringComparison.Ordinal);

        holder.Kill();
        await holder.EndAsync();
        await _production.UnlockedAsync();
        Assert.Equal(0, (await _production.RunAsync("Verify")).ExitCode);
    }

    // A dump that takes as long as the program lives that asked for it.
    private string SlowScript()
    {
        var script = Path.Combine(_folder, "slow.sh");
        File.WriteAllText(script, $"#!/bin/sh\ntouch '{_folder}/running'\nwhile [ -d /proc/$PPID ]; do sleep 0.1; done\nexit 1\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return script;
    }
}
