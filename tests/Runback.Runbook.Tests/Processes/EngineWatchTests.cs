using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Processes;

/// <summary>An engine that falls silent keeps nobody waiting for ever.</summary>
public sealed class EngineWatchTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-watch-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 240_000)]
    public async Task What_waits_for_a_silent_engine_is_ended_and_says_why_whether_it_reads_or_changes()
    {
        await using var watch = new EngineWatch(cancellation => Task.Delay(Timeout.Infinite, cancellation), Limit);
        var shell = new Shell(Narration.Silent, Journal.None);

        var reading = await Assert.ThrowsAsync<RunbookException>(() => shell.ReadAsync(Docker("sleep 50"), Cancellation));
        var changing = await Assert.ThrowsAsync<RunbookException>(() => shell.ChangeAsync(Docker("sleep 50"), Cancellation));

        Assert.All([reading, changing], error => Assert.Contains("silent for over 1 s", error.Message, StringComparison.Ordinal));
        Assert.Contains("docker info", reading.Hint, StringComparison.Ordinal);
    }

    [Fact(Timeout = 240_000)]
    public async Task An_engine_that_answers_now_and_then_may_take_its_time()
    {
        var asked = 0;
        await using var watch = new EngineWatch(cancellation => ++asked % 2 == 0 ? Task.CompletedTask : Task.FromException(new HttpRequestException("busy")), Limit);

        Assert.Equal("done", (await Shell.Quiet.ReadAsync(Docker("sleep 3; echo done"), Cancellation)).Trim());
        Assert.True(asked > 4, $"asked {asked} times");
    }

    [Fact(Timeout = 240_000)]
    public async Task What_is_meant_to_wait_and_what_is_not_docker_is_left_alone()
    {
        await using var watch = new EngineWatch(cancellation => Task.Delay(Timeout.Infinite, cancellation), Limit);

        var held = Shell.Quiet.ReadAsync(Docker("sleep 3; echo held") with { MayWait = true }, Cancellation);
        var other = Shell.Quiet.ReadAsync(new Command("sh", "-c", "sleep 3; echo other"), Cancellation);

        Assert.Equal(("held", "other"), ((await held).Trim(), (await other).Trim()));
    }

    private Command Docker(string script)
    {
        var program = Path.Combine(_folder, "docker");
        if (!File.Exists(program))
            File.CreateSymbolicLink(program, "/bin/sh");
        return new Command(program, "-c", script);
    }
}
