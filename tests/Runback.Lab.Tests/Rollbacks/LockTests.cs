using Runback.Lab.Tests.Lab;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>One run at a time: many at once, waiting, and a lock that is lost halfway.</summary>
[Collection("second lab")]
public sealed class LockTests(SecondLab lab) : IDisposable
{
    private const int Many = 10;
    private readonly Production _production = new(lab);
    private readonly HeldBackup _backup = new(lab);
    private readonly EngineApi _engine = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _engine.Dispose();
        _backup.Dispose();
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task Of_ten_at_once_one_gets_the_lock_the_others_are_told_who_and_when_they_wait_each_gets_its_turn()
    {
        var image = await ImageAsync();
        var project = $"{lab.Options.Name}-many";
        var tries = await Task.WhenAll(Enumerable.Range(0, Many).Select(number => TryAsync(() => DeploymentLock.AcquireAsync(_engine, project, image, Named(number), Cancellation))));
        var held = Assert.Single(tries.Select(each => each.Lock).OfType<DeploymentLock>());
        var winner = Array.FindIndex(tries, each => each.Lock is not null);
        var losers = tries.Select(each => each.Refused).OfType<RunbookException>().ToList();
        Assert.Equal(Many - 1, losers.Count);
        Assert.All(losers, loser => Assert.Equal(Outcome.Locked, loser.Outcome));
        Assert.All(losers, loser => Assert.Contains($"Test {winner} (run run-{winner}) by {Environment.UserName}@", loser.Message, StringComparison.Ordinal));

        var inside = 0;
        var order = new List<int>();
        var waiting = Task.WhenAll(Enumerable.Range(0, Many).Select(async number =>
        {
            await using var turn = await new LockWait(_engine, project, Narration.Silent)
                .AcquireAsync(_ => Task.FromResult(image), () => Named(number), TimeSpan.FromMinutes(4), Cancellation);
            Assert.Equal(1, Interlocked.Increment(ref inside));
            Assert.True(await turn.IsHeldAsync(Cancellation));
            order.Add(number);
            await Task.Delay(100, Cancellation);
            Interlocked.Decrement(ref inside);
        }));
        await Task.Delay(1000, Cancellation);
        Assert.Empty(order);
        await held.DisposeAsync();
        await waiting;
        Assert.Equal(Enumerable.Range(0, Many), order.Order());
        Assert.Null(await DeploymentLock.HolderAsync(_engine, project, Cancellation));
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_run_that_waits_says_for_whom_gives_up_in_time_or_when_it_is_told_to_and_reads_again_when_it_is_its_turn()
    {
        await _production.BringAsync(Production.Bad);
        using var holder = _production.Start("Backup", "--backup-command", _backup.Script);
        await _backup.RunsAsync();
        var before = await _production.SnapshotAsync();

        var late = await _production.RunAsync("Rollback", "--tag", Production.Good, "--wait", "2s");
        Assert.True(late.ExitCode == 6, late.ToString());
        Assert.Contains("and waited 2s for it", late.Complaint, StringComparison.Ordinal);

        using (var interrupted = _production.Start("Rollback", "--tag", Production.Good, "--wait", "5m"))
        {
            await interrupted.SaysAsync($"is held by Backup (run ");
            interrupted.Signal("INT");
            var ended = await interrupted.EndAsync();
            Assert.True(ended.ExitCode == 130, ended.ToString());
            Assert.Equal(130, ended.Json["exitCode"]!.GetValue<int>());
        }
        Assert.Equal(before, await _production.SnapshotAsync());

        using var waiting = _production.Start("Rollback", "--tag", Production.Good, "--wait", "5m");
        await waiting.SaysAsync($"process {holder.Id}, since ");
        // What the holder leaves isn't what was there when the waiting began.
        await _production.BringAsync(Production.Good);
        holder.Kill();
        var turn = await waiting.EndAsync();
        Assert.True(turn.ExitCode == 0, turn.ToString());
        Assert.Contains("this run holds it now, and reads again what is there", turn.Said, StringComparison.Ordinal);
        Assert.Contains($"{Production.Good} already runs and is pinned", turn.Said, StringComparison.Ordinal);
        await _production.AssertUnlockedAsync();
    }

    [Tier(Tier.Default)]
    [Fact(Timeout = 900_000)]
    public async Task A_lock_that_is_lost_halfway_stops_the_changes_and_is_taken_again_to_go_back()
    {
        await _production.BringAsync(Production.Bad);
        using var run = await LoseAsync();

        var ended = await run.EndAsync();

        Assert.True(ended.ExitCode == 4, ended.ToString());
        Assert.Contains("is lost: somebody else may be at work on it from here on, and this run makes no further change", ended.Said, StringComparison.Ordinal);
        Assert.Contains("is taken again", ended.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("$ sed -i", ended.Said, StringComparison.Ordinal);
        await _production.AssertRunsAsync(Production.Bad);
        await _production.AssertUnlockedAsync();
    }

    [Tier(Tier.Thorough)]
    [Fact(Timeout = 900_000)]
    public async Task A_lost_lock_that_somebody_else_has_leaves_all_as_it_is_for_a_person_and_the_same_command_finishes_it()
    {
        await _production.BringAsync(Production.Bad);
        var image = await ImageAsync();
        await using (var other = new Later<DeploymentLock>())
        {
            using var run = await LoseAsync(async () => other.Value = await DeploymentLock.AcquireAsync(_engine, lab.Options.Name, image, Named(7), Cancellation));
            var ended = await run.EndAsync();
            Assert.True(ended.ExitCode == 5, ended.ToString());
            Assert.Contains("is held by Test 7 (run run-7) by", ended.Complaint, StringComparison.Ordinal);
            Assert.Contains("this run changes nothing more", ended.Complaint, StringComparison.Ordinal);
            Assert.StartsWith("exited", await _production.RunningAsync("jobs"), StringComparison.Ordinal);
            Assert.Equal($"running {Production.Bad}", await _production.RunningAsync("api"));
            Assert.True(await other.Value!.IsHeldAsync(Cancellation));
        }

        var again = await _production.RunAsync("Rollback", "--tag", Production.Good);

        Assert.True(again.ExitCode == 0, again.ToString());
        await _production.AssertRunsAsync(Production.Good);
    }

    // A rollback whose workers are stopped already and whose backup goes on when its lock is gone.
    private async Task<Program> LoseAsync(Func<Task>? meanwhile = null)
    {
        var run = _production.Start("Rollback", "--tag", Production.Good, "--backup-command", _backup.Script);
        await _backup.RunsAsync();
        while (!(await _production.RunningAsync("jobs")).StartsWith("exited", StringComparison.Ordinal))
            await Task.Delay(50, Cancellation);
        await lab.Docker("rm", "--force", DeploymentLock.Name(lab.Options.Name));
        if (meanwhile is not null)
            await meanwhile();
        _backup.Release();
        return run;
    }

    private static Holder Named(int number) => Holder.Of($"run-{number}", $"Test {number}");

    private async Task<string> ImageAsync() => (await _engine.ContainersAsync(Cancellation, $"{Labels.Project}={lab.Options.Name}", $"{Labels.Service}=db"))[0].ImageId;

    private static async Task<(DeploymentLock? Lock, RunbookException? Refused)> TryAsync(Func<Task<DeploymentLock>> take)
    {
        try
        {
            return (await take(), null);
        }
        catch (RunbookException refused)
        {
            return (null, refused);
        }
    }

    private sealed class Later<T> : IAsyncDisposable where T : class, IAsyncDisposable
    {
        public T? Value { get; set; }

        public ValueTask DisposeAsync() => Value?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
