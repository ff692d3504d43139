using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

public sealed class SignalTests(SampleRepository repository) : IDisposable
{
    private readonly string log = Path.GetTempFileName();

    public void Dispose() => File.Delete(log);

    [Theory(Timeout = 480_000)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_lets_the_running_target_end_and_runs_the_assured_ones(string signal, int code)
    {
        var run = repository.Run("AfterSlow", "--log", log);
        await LogHasAsync("started");
        run.Signal(signal);
        var ended = await run.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(code, ended.Code);
        Assert.Contains($"warning: SIG{signal}: no further target starts; waiting for Slow to end, then the assured targets run", ended.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["initialized", "running Slow", "started", "failed Slow", "running Cleanup", "cleanup", "succeeded Cleanup", "finished Slow=Aborted AfterSlow=NotRun Cleanup=Succeeded"],
            await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken));
        Assert.Contains("Aborted", ended.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 480_000)]
    public async Task A_third_signal_ends_the_process_at_once()
    {
        var run = repository.Run("AfterSlow", "--deaf", "--log", log);
        await LogHasAsync("started");
        for (var i = 0; i < 3; i++)
        {
            run.Signal("TERM");
            await Task.Delay(300, TestContext.Current.CancellationToken);
        }

        var ended = await run.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(143, ended.Code);
        Assert.Contains("SIGTERM again", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("cleanup", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact(Timeout = 480_000)]
    public async Task A_reader_that_goes_away_does_not_end_the_run()
    {
        var script = $"'{repository.Script}' Talkative --log '{log}' | head -n 1";
        var ended = await repository.Start("bash", ["-o", "pipefail", "-c", script], []).WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, ended.Code);
        Assert.Contains("talked\nsucceeded Talkative\n", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task LogHasAsync(string line)
    {
        while (!File.ReadLines(log).Contains(line))
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }
}
