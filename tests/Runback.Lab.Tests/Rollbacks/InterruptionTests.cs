using Runback.Lab.Tests.Lab;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>Runs that meet another one; those that are killed and interrupted are rows of the fault matrix.</summary>
[Tier(Tier.Default)]
[Collection("second lab")]
public sealed class InterruptionTests(SecondLab lab) : IDisposable
{
    private readonly Production _production = new(lab);
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-slow-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 900_000)]
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
