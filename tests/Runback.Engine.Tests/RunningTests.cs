using System.Text.Json;
using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

public sealed class RunningTests : IDisposable
{
    private readonly Trial trial = new();
    private readonly Steps build = new();

    public void Dispose()
    {
        trial.Dispose();
        build.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task Independent_targets_run_side_by_side_and_their_lines_carry_their_names()
    {
        var result = await Task.Run(() => trial.Run(build, x => x.Both), TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Contains("Left: met\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Right: met\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Right: a second line\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Right: from a task\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_that_end_at_once_are_all_settled()
    {
        for (var i = 0; i < 200; i++)
        {
            using var fresh = new Steps();
            var result = trial.Run(fresh, x => x.Instants);
            Assert.Equal((0, "", 3), (result.Code, result.Error, fresh.SucceededTargets.Count));
        }
    }

    [Fact]
    public void After_a_failure_nothing_ordinary_starts_and_the_assured_targets_run()
    {
        var result = trial.Run(build, x => x.AfterFailure);

        Assert.Equal(1, result.Code);
        Assert.Equal(["Cleanup"], build.Ran);
        Assert.Contains("error: Fails failed: no room\n  caused by: disk full\nhint: free some\n", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
        Assert.Equal(
            [("Fails", ExecutionStatus.Failed), ("AfterFailure", ExecutionStatus.NotRun), ("Cleanup", ExecutionStatus.Succeeded)],
            build.ExecutionPlan.Select(x => (x.Name, x.Status)));
        Assert.Equal(["running Fails", "failed Fails", "running Cleanup", "succeeded Cleanup", "finished"], build.Hooks);
    }

    [Fact]
    public void A_failed_cleanup_does_not_keep_the_next_one_from_running()
    {
        var result = trial.Run(build, x => x.AfterFailure, "AfterFailure", "FailingCleanup", "LastCleanup");

        Assert.Equal(1, result.Code);
        Assert.Equal(["Cleanup", "LastCleanup"], build.Ran);
    }

    [Fact]
    public void A_run_goes_on_after_a_target_that_may_fail_and_still_ends_as_failed()
    {
        Assert.Equal(1, trial.Run(build, x => x.AfterTolerated).Code);
        Assert.Equal(["AfterTolerated"], build.Ran);
    }

    [Fact]
    public void The_builds_own_exit_code_wins()
    {
        build.OwnExitCode = 4;
        Assert.Equal(4, trial.Run(build, x => x.AfterFailure).Code);
    }

    [Fact]
    public void Verbose_adds_the_stack() =>
        Assert.Contains("   at ", trial.Run(build, x => x.AfterFailure, "--verbosity", "Verbose").Error, StringComparison.Ordinal);

    [Fact]
    public void Beside_a_json_document_everything_else_goes_to_standard_error()
    {
        build.Document = """{"outcome":"Done"}""";
        var result = trial.Run(build, x => x.Talks, "--json");

        Assert.Equal(0, result.Code);
        Assert.Equal(build.Document + "\n", result.Output);
        Assert.Contains("for people\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("Succeeded", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_that_fails_and_writes_no_document_gets_one()
    {
        using var document = JsonDocument.Parse(trial.Run(build, x => x.AfterFailure, "--json").Output);

        Assert.Equal(("Error", 1), (document.RootElement.GetProperty("outcome").GetString(), document.RootElement.GetProperty("exitCode").GetInt32()));
        Assert.Equal("free some", document.RootElement.GetProperty("hint").GetString());
    }

    [Fact]
    public void A_build_that_succeeds_and_writes_no_document_gets_one_with_its_targets()
    {
        using var document = JsonDocument.Parse(trial.Run(build, x => x.Talks, "--json").Output);

        Assert.Equal("Done", document.RootElement.GetProperty("outcome").GetString());
        var target = Assert.Single(document.RootElement.GetProperty("targets").EnumerateArray());
        Assert.Equal(("Talks", "Succeeded"), (target.GetProperty("name").GetString(), target.GetProperty("status").GetString()));
    }

    [Fact]
    public void A_failure_before_the_first_target_runs_nothing_and_still_finishes()
    {
        build.FailsAtStart = true;
        var result = trial.Run(build, x => x.Talks);

        Assert.Equal(1, result.Code);
        Assert.Equal(["finished"], build.Hooks);
        Assert.Contains("error: The build could not start: not today", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_at_the_end_of_the_run_makes_the_run_fail()
    {
        build.FailsAtEnd = true;
        build.OwnExitCode = 0;
        Assert.Equal(1, trial.Run(build, x => x.Talks).Code);
    }

    [Fact]
    public void A_target_can_add_to_its_row_in_the_summary() =>
        Assert.Contains("Revision: abc, Rows: 5", trial.Run(build, x => x.Reports).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("Task")]
    [InlineData("ValueTask")]
    [InlineData("ValueTaskOf")]
    [InlineData("Configured")]
    public void What_an_action_gives_back_is_awaited_where_it_can_be(string target)
    {
        var result = trial.Run(build, x => x.Talks, "Waits" + target);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(["waited"], build.Ran);
    }

    [Theory]
    [InlineData("FailsValueTask")]
    [InlineData("FailsValueTaskOf")]
    public void What_fails_while_it_is_awaited_fails_the_target(string target)
    {
        var result = trial.Run(build, x => x.Talks, target);

        Assert.Equal(1, result.Code);
        Assert.Contains($"error: {target} failed: late\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_output_does_not_end_the_run()
    {
        using var closed = new StringWriter();
        closed.Dispose();
        var host = new Running.ProcessHost(["--root", trial.Root], _ => null, () => [], trial.Root, closed, closed, _ => false);

        Assert.Equal(0, Running.BuildManager.Execute(host, () => build, [x => x.Talks]));
        Assert.Contains("Talks", build.Ran);
    }

    private sealed class Steps : NukeBuild, IDisposable
    {
        private readonly CountdownEvent meeting = new(2);

        public List<string> Ran { get; } = [];

        public List<string> Hooks { get; } = [];

        public int? OwnExitCode { get; set; }

        public string? Document { get; set; }

        public bool FailsAtStart { get; set; }

        public bool FailsAtEnd { get; set; }

        public Target Both => _ => _.DependsOn(Left, Right);

        public Target Instants => _ => _.DependsOn(Instant1, Instant2, Instant3);

        public Target Instant1 => _ => _.Executes(() => { });

        public Target Instant2 => _ => _.Executes(() => { });

        public Target Instant3 => _ => _.Executes(() => { });

        public Target Left => _ => _.Executes(() =>
        {
            Meet();
            Console.WriteLine("met");
        });

        public Target Right => _ => _.Executes(async () =>
        {
            Meet();
            Console.Write("met\na second ");
            await Task.Yield();
            Console.WriteLine("line");
            await Task.Run(() => Console.WriteLine("from a task"));
        });

        public Target Fails => _ => _.Executes(() => throw new NoRoomException("no room", new IOException("disk full")));

        public Target AfterFailure => _ => _.DependsOn(Fails).Triggers(Cleanup).Executes(() => Ran.Add("AfterFailure"));

        public Target Cleanup => _ => _.AssuredAfterFailure().Executes(() => Ran.Add("Cleanup"));

        public Target FailingCleanup => _ => _.AssuredAfterFailure().Executes(() => throw new InvalidOperationException("again"));

        public Target LastCleanup => _ => _.AssuredAfterFailure().Executes(() => Ran.Add("LastCleanup"));

        public Target Tolerated => _ => _.ProceedAfterFailure().Executes(Task () => throw new InvalidOperationException("never mind"));

        public Target AfterTolerated => _ => _.DependsOn(Tolerated).Executes(() => Ran.Add("AfterTolerated"));

        public Target Talks => _ => _.Executes(() =>
        {
            Ran.Add("Talks");
            Console.WriteLine("for people");
        });

        public Target WaitsTask => _ => _.Executes(() => LateAsync());

        public Target WaitsValueTask => _ => _.Executes(() => new ValueTask(LateAsync()));

        public Target WaitsValueTaskOf => _ => _.Executes(() => new ValueTask<int>(LateAsync()));

        public Target WaitsConfigured => _ => _.Executes(() => LateAsync().ConfigureAwait(false));

        public Target FailsValueTask => _ => _.Executes(() => new ValueTask(TooLateAsync()));

        public Target FailsValueTaskOf => _ => _.Executes(() => new ValueTask<int>(TooLateAsync()));

        public Target Reports => _ => _.Executes(() => ReportSummary(x =>
        {
            x.Add("Revision", "abc");
            x.Add("Rows", "5");
            return x;
        }));

        protected internal override void OnBuildInitialized()
        {
            if (FailsAtStart)
                throw new InvalidOperationException("not today");
        }

        protected internal override void OnTargetRunning(string target) => Hooks.Add($"running {target}");

        protected internal override void OnTargetSucceeded(string target) => Hooks.Add($"succeeded {target}");

        protected internal override void OnTargetFailed(string target) => Hooks.Add($"failed {target}");

        protected internal override void OnBuildFinished()
        {
            Hooks.Add("finished");
            ExitCode = OwnExitCode;
            if (Document is not null)
                Console.WriteLine(Document);
            if (FailsAtEnd)
                throw new InvalidOperationException("at the end");
        }

        public void Dispose() => meeting.Dispose();

        private static async Task<int> TooLateAsync()
        {
            await Task.Delay(50);
            throw new InvalidOperationException("late");
        }

        private async Task<int> LateAsync()
        {
            await Task.Delay(50);
            Ran.Add("waited");
            return 1;
        }

        private void Meet()
        {
            meeting.Signal();
            Assert.True(meeting.Wait(TimeSpan.FromSeconds(20)), "the other target didn't run at the same time");
        }
    }

    private sealed class NoRoomException(string message, Exception cause) : Exception(message, cause)
    {
        public string Hint => "free some";
    }
}
