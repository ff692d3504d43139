using System.Diagnostics;
using Runback.Runbook.Cutover;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;

namespace Runback.Runbook.Tests.Processes;

/// <summary>Changes: guarded before they are made, and ended when they don't end.</summary>
public sealed class ShellTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-shell-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 120_000)]
    public async Task A_guard_that_refuses_keeps_every_kind_of_change_from_being_made_written_or_shown()
    {
        var said = new StringWriter();
        var file = Path.Combine(_folder, "journal.jsonl");
        using (var journal = Journal.Open(file, new Secrets()))
        {
            var shell = new Shell(new Narration(said, new Secrets()), journal) { Guard = () => throw new RunbookException("the lock is lost", outcome: Outcome.Locked) };
            var touch = new Command("touch", Path.Combine(_folder, "made"));
            await Assert.ThrowsAsync<RunbookException>(() => shell.ChangeAsync(touch, TestContext.Current.CancellationToken));
            await Assert.ThrowsAsync<RunbookException>(() => shell.ChangeInterruptiblyAsync(touch, TestContext.Current.CancellationToken));
            await Assert.ThrowsAsync<RunbookException>(() => shell.ChangeAsync("by hand", () => File.WriteAllTextAsync(Path.Combine(_folder, "made"), "")));
        }
        Assert.False(File.Exists(Path.Combine(_folder, "made")));
        Assert.Equal(("", ""), (said.ToString(), File.ReadAllText(file)));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_guard_is_asked_before_each_change_and_not_for_reading()
    {
        var asked = 0;
        var shell = new Shell(Narration.Silent, Journal.None) { Guard = () => Task.FromResult(asked++) };
        await shell.ReadAsync(new Command("true"), TestContext.Current.CancellationToken);
        Assert.Equal(0, asked);
        await shell.ChangeAsync(new Command("true"), TestContext.Current.CancellationToken);
        await shell.ChangeAsync(new Command("true"), TestContext.Current.CancellationToken);
        Assert.Equal(2, asked);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_change_that_does_not_end_is_ended_at_its_limit_with_what_it_started()
    {
        var pid = Path.Combine(_folder, "pid");
        var hanging = new Command("sh", "-c", "sleep 60 & echo $! > \"$0\"; wait", pid);
        var start = Stopwatch.GetTimestamp();

        var error = await Assert.ThrowsAsync<RunbookException>(() =>
            new Shell(Narration.Silent, Journal.None).ChangeAsync(hanging, TestContext.Current.CancellationToken, TimeSpan.FromSeconds(1)));

        Assert.True(Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(0.9));
        Assert.Contains("to end within 1 s, found it still running", error.Message, StringComparison.Ordinal);
        Assert.Contains("docker info", error.Hint, StringComparison.Ordinal);
        var status = Path.Combine("/proc", File.ReadAllText(pid).Trim(), "status");
        Assert.True(!File.Exists(status) || File.ReadAllText(status).Contains("State:\tZ", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_change_that_fails_within_its_limit_fails_with_its_own_complaint()
    {
        var error = await Assert.ThrowsAsync<CommandFailedException>(() =>
            new Shell(Narration.Silent, Journal.None).ChangeAsync(new Command("sh", "-c", "echo no >&2; exit 3"), TestContext.Current.CancellationToken, TimeSpan.FromSeconds(20)));
        Assert.Equal(3, error.Result.ExitCode);
    }

    [Fact]
    public void An_up_may_take_the_health_limit_the_longest_grace_and_a_minute()
    {
        var api = Observed.Service("api", "v1").Container!;
        Assert.Equal(TimeSpan.FromSeconds(130), AppCutover.UpLimit(TimeSpan.FromSeconds(60), [api]));
        Assert.Equal(TimeSpan.FromSeconds(240), AppCutover.UpLimit(TimeSpan.FromSeconds(60), [api, api with { StopGrace = TimeSpan.FromSeconds(120) }]));
        Assert.Equal(TimeSpan.FromSeconds(130), AppCutover.UpLimit(TimeSpan.FromSeconds(60), [api with { StopGrace = TimeSpan.FromSeconds(1) }]));
    }
}
