using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;
using Runback.Runbook.Verification;
using Spectre.Console;

namespace Runback.Runbook.Tests.Verification;

public sealed class WatchTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("1h30m", 5400)]
    [InlineData(" 1h1m1s ", 3661)]
    public void A_time_is_read_as_people_write_it(string text, int seconds) => Assert.Equal(seconds, Duration.Parse(text, "--good-after").TotalSeconds);

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("0s")]
    [InlineData("-5m")]
    [InlineData("30m1h")]
    [InlineData("1d")]
    [InlineData("9999h")]
    [InlineData("soon")]
    public void What_is_no_time_is_refused(string text) => Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => Duration.Parse(text, "--good-after")).Outcome);

    [Fact]
    public void A_look_says_how_long_it_has_been_good_or_what_is_not()
    {
        CheckRecord[] checks = [new("health", true, "200", "200", null), new("logs", false, "none of x", "api: x", "see") { Warnings = ["new error"] }];
        var bad = new WatchState(DateTimeOffset.UnixEpoch, "v1", checks, null, TimeSpan.FromMinutes(30));
        Assert.Equal(["00:00:00 UTC  v1  NOT good: logs", "  FAILED  logs: expected none of x, found api: x", "  !       logs: new error"], WatchView.Lines(bad));
        Assert.Equal("good for 1m30s of 30m00s", (bad with { Checks = checks[..1], Good = TimeSpan.FromSeconds(90) }).Standing);

        var writer = new StringWriter();
        PlainConsole.On(writer, 100).Write(WatchView.Table(bad with { Release = "[v1]\u001b[31m" }, text => text.Replace("api", "***", StringComparison.Ordinal)));
        Assert.Contains("[v1]\u00b7[31m", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("expected none of x, found ***: x", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("new error", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Checks_run_side_by_side_and_one_that_does_not_end_fails_at_the_deadline()
    {
        using var engine = new Runback.Runbook.Engines.EngineApi();
        using var probe = new HttpProbe();
        var context = new VerificationContext(Observed.Deployment(), "cleaning", engine, probe, _ => Task.FromResult<IReadOnlyList<string>>([])) { Deadline = TimeSpan.FromMilliseconds(300) };
        var first = new Meeting();
        var second = new Meeting { Other = first };
        first.Other = second;

        var records = await Verifier.RunAsync([first, new Endless(), new Nothing(), second], context, TestContext.Current.CancellationToken);

        Assert.Equal([("meeting", true), ("endless", false), ("meeting", true)], records.Select(record => (record.Name, record.Passed)));
        Assert.Equal("an answer within 0.3 s", records[1].Expected);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Verifier.RunAsync([new Endless()], context, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(3, 15, true)]
    [InlineData(15.1, 15, false)]
    [InlineData(-3, 15, true)]
    [InlineData(-60, 15, false)]
    public void A_heartbeat_is_fresh_within_its_threshold(double age, double threshold, bool fresh) =>
        Assert.Equal(fresh, new HeartbeatCheck().Judge(new Heartbeat(TimeSpan.FromSeconds(age), TimeSpan.FromSeconds(threshold)), signed: true).Passed);

    [Fact]
    public void A_fresh_sign_of_the_workers_that_were_replaced_is_told() =>
        Assert.Single(new HeartbeatCheck().Judge(new Heartbeat(TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(15)), signed: false).Warnings);

    [Theory]
    [InlineData("""{"enabled":true,"age_seconds":3.5,"threshold_seconds":15}""", 3.5)]
    [InlineData("""{"enabled":false,"message":"disabled"}""", null)]
    [InlineData("""{"age_seconds":"3","threshold_seconds":15}""", null)]
    [InlineData("null", null)]
    public void The_heartbeat_is_read_from_the_readiness_payload(string detail, double? age) =>
        Assert.Equal(age, Readiness.From(Observed.Answer(200, $$"""{"ok":true,"checks":[{"name":"jobs","ok":true,"detail":{{detail}}}]}""")).Heartbeat?.Age.TotalSeconds);

    private sealed class Meeting : ICheck
    {
        private readonly TaskCompletionSource _here = new();

        public Meeting? Other { get; set; }

        public string Name => "meeting";

        public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
        {
            _here.TrySetResult();
            await Other!._here.Task.WaitAsync(cancellation);
            return new CheckRecord(Name, true, "", "", null);
        }
    }

    private sealed class Endless : ICheck
    {
        public string Name => "endless";

        public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return null;
        }
    }

    private sealed class Nothing : ICheck
    {
        public string Name => "nothing";

        public Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation) => Task.FromResult<CheckRecord?>(null);
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(60, 18)]
    public void What_is_wrong_fits_a_small_terminal(int width, int height)
    {
        CheckRecord[] checks =
        [
            .. Enumerable.Range(0, 8).Select(number => new CheckRecord($"good {number}", true, "", new string('g', 300), null)),
            new("readiness", false, new string('e', 200), new string('f', 900), "see"),
        ];
        using var writer = new StringWriter();
        PlainConsole.On(writer, width).Write(WatchView.Fitting(new WatchState(DateTimeOffset.UnixEpoch, "v1", checks, null, null), text => text, width, height));
        var lines = writer.ToString().TrimEnd().Split('\n');
        Assert.True(lines.Length < height, writer.ToString());
        foreach (var shown in (string[])["readiness", "FAILED", "8 others", "good 0", "NOT good: readiness", "Ctrl-C ends it"])
            Assert.Contains(shown, writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_is_drawn_over_the_one_before_and_anew_in_a_window_of_another_size()
    {
        using var screen = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Out = new AnsiConsoleOutput(screen) });
        (console.Profile.Width, console.Profile.Height) = (60, 10);
        using (var live = new LiveView(console))
        {
            live.Draw((_, _) => new Text("one\ntwo"));
            live.Draw((width, height) => new Text($"{width}x{height}"));
            console.Profile.Height = 3;
            live.Draw((_, _) => new Text("a\nb\nc\nd"));
        }
        Assert.Equal("\e[?25lone\ntwo\n\e[?25l\r\e[2A\e[J60x10\n\e[?25l\e[H\e[2Jc\nd\n\e[?25h", screen.ToString());
    }
}
