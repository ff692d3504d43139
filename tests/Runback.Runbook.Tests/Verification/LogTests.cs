using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;
using Runback.Runbook.Verification;
using Runback.Runbook.Verification.Logs;

namespace Runback.Runbook.Tests.Verification;

/// <summary>Logs: read, put together, grouped by shape, compared with the time before.</summary>
public sealed class LogTests
{
    private static readonly DateTimeOffset Noon = new(2025, 12, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("2025-12-20 12:00:00,123 INFO app.access: GET /bookings/5?limit=3 200 1.2ms", "INFO app.access: GET /bookings/#?<query> 2xx #ms")]
    [InlineData("2025-12-20 12:00:00,123 INFO app.access: GET /bookings/99 503 12.0ms", "INFO app.access: GET /bookings/# 5xx #ms")]
    [InlineData("172.18.0.4:33990 - \"GET /x/7 HTTP/1.1\" 404 Not Found", "#:# - \"GET /x/# HTTP/#\" 4xx Not Found")]
    [InlineData("job 3f2a8c14-9f1d-4c53-8d38-0a4b5c6d7e8f done in 0.31 s", "job <id> done in # s")]
    [InlineData("commit deadbeef0123 at 0x7FFE by 'Ann O'", "commit <hex> at <hex> by '*'")]
    [InlineData("it isn't the app's fault 12 times", "it isn't the app's fault # times")]
    [InlineData("{\"level\":\"error\",\"message\":\"order 17 failed\",\"ts\":\"2025-12-20T12:00:00Z\"}", "error order # failed")]
    [InlineData("{not json 1", "{not json #")]
    [InlineData("", "")]
    public void What_differs_from_one_event_to_the_next_is_replaced(string line, string shape) =>
        Assert.Equal(shape, LogShape.Of(new LogEvent(Noon, line, null)));

    [Fact]
    public void A_traceback_belongs_to_the_error_above_it_and_its_exception_to_the_shape()
    {
        var events = Events(
            "INFO before", "ERROR app.errors: unhandled error in GET /bookings/5", "Traceback (most recent call last):", "  File \"/srv/x.py\", line 5, in f", "    return 1 // 0",
            "ZeroDivisionError: integer division by zero", "", "During handling of the above exception, another exception occurred:", "", "Traceback (most recent call last):",
            "  File \"/srv/y.py\", line 6, in g", "KeyError: 'x'", "INFO after");
        Assert.Equal(3, events.Count);
        Assert.Equal("KeyError: 'x'", events[1].Exception);
        Assert.Equal("ERROR app.errors: unhandled error in GET /bookings/# | KeyError: '*'", LogShape.Of(events[1]));
        Assert.Contains("ZeroDivisionError", events[1].Text, StringComparison.Ordinal);
        Assert.Equal([LogLevel.Info, LogLevel.Error, LogLevel.Info], events.Select(each => each.Level));
    }

    [Fact]
    public void A_traceback_under_a_line_that_has_nothing_to_do_with_it_is_an_event_of_its_own()
    {
        var events = Events("INFO started", "Traceback (most recent call last):", "  File \"x.py\", line 1", "RuntimeError: no", "INFO started");
        Assert.Equal(["INFO started", "Traceback (most recent call last):", "INFO started"], events.Select(each => each.FirstLine));
        Assert.Equal("RuntimeError: no", events[1].Exception);
    }

    [Theory]
    [InlineData("2025 ERROR x", LogLevel.Error)]
    [InlineData("level=error msg=x", LogLevel.Error)]
    [InlineData("{\"level\": \"warning\"}", LogLevel.Warning)]
    [InlineData("error: no such file", LogLevel.Error)]
    [InlineData("0 errors and no warning", LogLevel.Info)]
    [InlineData("INFO error rate is fine", LogLevel.Info)]
    [InlineData("FATAL:  database is shutting down", LogLevel.Error)]
    public void The_level_is_what_a_logger_would_write(string line, LogLevel level) => Assert.Equal(level, new LogEvent(Noon, line, null).Level);

    [Fact]
    public void A_line_is_stored_so_that_it_can_be_read_again_without_what_steers_a_terminal_and_without_passwords()
    {
        var line = LogLine.TryParse("2025-12-20T12:00:00.123456789Z \u001b[31mred\u001b[0m \u001b]0;title\u0007to postgresql://app:s3cr3t@db/x\u0007\r");
        Assert.Equal("red to postgresql://app:***@db/x\u00b7", line!.Text);
        Assert.Equal(line, LogLine.TryParse(line.ToString()));
        Assert.Null(LogLine.TryParse("Error response from daemon: configured logging driver does not support reading"));
        Assert.Equal("", LogLine.TryParse("2025-12-20T12:00:00Z")!.Text);
    }

    [Fact]
    public void Shapes_are_new_more_fewer_and_gone_by_their_rate_and_not_by_chance()
    {
        LogGroup[] before = [Group("steady", 100), Group("rare", 1), Group("stops", 50), Group("falls", 100), Group("rises", 10)];
        LogGroup[] after = [Group("steady", 12), Group("falls", 2), Group("rises", 20), Group("fresh", 1, LogLevel.Error)];

        var changes = LogChanges.Between(before, TimeSpan.FromMinutes(10), after, TimeSpan.FromMinutes(1)).Changes;

        Assert.Equal(
            [(LogChangeKind.New, "fresh"), (LogChangeKind.More, "rises"), (LogChangeKind.Fewer, "falls"), (LogChangeKind.Gone, "stops")],
            changes.Select(change => (change.Kind, change.Shape)));
    }

    [Fact]
    public void Without_a_time_before_only_errors_are_told()
    {
        var changes = LogChanges.Between(null, TimeSpan.Zero, [Group("a", 3), Group("b", 2, LogLevel.Error)], TimeSpan.FromMinutes(1));
        Assert.Equal((LogChangeKind.Seen, "b", (double?)null), (changes.Changes.Single().Kind, changes.Changes.Single().Shape, changes.BeforeSeconds));
        Assert.Equal("error in api's log, 2 times: b", changes.Warnings.Single());
    }

    [Fact]
    public void A_new_error_fails_only_when_a_pattern_forbids_it_and_ignored_events_count_for_nothing()
    {
        var logs = Logs("INFO fine", "ERROR disk 7 is full", "ERROR noise 1");
        var told = Judge(logs, LogOptions.Of([], ["noise"], TimeSpan.FromMinutes(10)));
        Assert.True(told.Passed);
        Assert.Equal("new error in api's log, 1 times: ERROR disk 7 is full", told.Warnings.Single());

        var failed = Judge(logs, LogOptions.Of(["disk \\d+", "noise"], ["noise"], TimeSpan.FromMinutes(10)));
        Assert.False(failed.Passed);
        Assert.Equal("api, 1 times `disk \\d+`: ERROR disk 7 is full", failed.Found);
    }

    [Fact]
    public void A_pattern_that_runs_wild_ends_and_a_broken_one_is_refused()
    {
        var options = LogOptions.Of(["^(a+)+(?!x)b$", "(?=q)q"], [], TimeSpan.FromMinutes(10));
        Assert.True(Judge(Logs(new string('a', 4000) + "!"), options).Passed);
        Assert.False(Judge(Logs("q"), options).Passed);
        Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => LogOptions.Of(["("], [], TimeSpan.Zero)).Outcome);
    }

    [Fact]
    public void A_baseline_is_kept_for_its_owner_only_and_found_by_a_later_run_that_verifies_what_came_after()
    {
        var state = Directory.CreateTempSubdirectory("runback-logs-").FullName;
        try
        {
            var run = Path.Combine(state, "runs", "20251220T120000Z-abcd");
            PrivateFiles.CreateFolder(run);
            var baseline = new LogBaseline(Noon, Logs("INFO old", "ERROR old"));
            baseline.Write(run);

            var found = LogBaseline.Find(state, [new ContainerLog("api", "new-container", Noon, [], null)], Noon.AddSeconds(5));
            Assert.Equal(baseline.Groups(new LogOptions()), found!.Groups(new LogOptions()));
            Assert.Equal(TimeSpan.FromMinutes(1), found.Time);
            Assert.Null(LogBaseline.Find(state, baseline.Logs, Noon.AddSeconds(5)));
            Assert.Null(LogBaseline.Find(state, [], Noon.AddHours(1)));
            foreach (var file in OperatingSystem.IsWindows() ? [] : Directory.GetFiles(Path.Combine(run, "logs")))
            {
                if (!OperatingSystem.IsWindows())
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
            File.WriteAllText(Path.Combine(run, "logs", "before.json"), "{");
            Assert.Null(LogBaseline.Read(run));
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }

    [Theory]
    [InlineData("connecting to postgres://app:p@ss@db/x", "connecting to postgres://app:***@db/x")]
    [InlineData("connecting with host=db user=app password=hunter2 dbname=x", "connecting with host=db user=app password=*** dbname=x")]
    [InlineData("connecting with password='it\\'s; a b' dbname=x", "connecting with password=*** dbname=x")]
    [InlineData("GET /hook?api_key=abc123&x=1 200", "GET /hook?api_key=***&x=1 200")]
    [InlineData("headers: {'Authorization': 'Bearer abc.def-ghi', 'Host': 'x'}", "headers: {'Authorization': 'Bearer ***', 'Host': 'x'}")]
    [InlineData("the password=", "the password=")]
    [InlineData("password authentication failed for user x", "password authentication failed for user x")]
    public void What_connection_strings_and_headers_carry_is_masked_though_nobody_knows_it(string line, string kept) =>
        Assert.Equal(kept, LogLine.TryParse($"2025-12-20T12:00:00Z {line}")!.Text);

    [Fact(Timeout = 60_000)]
    public async Task Values_of_a_container_s_environment_are_masked_before_lines_are_cut_and_kept()
    {
        const string Secret = "qX7zP3mK9tR5vB2n";
        var mask = new LogReader(new Secrets()).Masking(Observed.Deployment(), [$"LICENSE={Secret}", "MODE=production", "CONN=host=db password=hun-ter-2 user=app", "IMAGE_TAG=v1", "junk"]);
        var text = $"2025-12-20T12:00:00Z {new string('x', 4060)} {Secret}\n2025-12-20T12:00:00Z in production with {Secret} and hun-ter-2\n2025-12-20T12:00:00Z half {Secret[..7]}";
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text));

        var lines = (await LogReader.LinesAsync(stream)).Select(line => mask(line)).ToList();

        Assert.Equal(3, lines.Count);
        Assert.All(lines, line => Assert.DoesNotContain(Secret[..5], line, StringComparison.Ordinal));
        Assert.Equal("2025-12-20T12:00:00Z in production with *** and ***", lines[1]);
        Assert.Equal("2025-12-20T12:00:00Z half ***", lines[2]);
    }

    private static CheckRecord Judge(IReadOnlyList<ContainerLog> logs, LogOptions options)
    {
        using var engine = new Runback.Runbook.Engines.EngineApi();
        using var probe = new HttpProbe();
        var context = new VerificationContext(Observed.Deployment(), "cleaning", engine, probe, _ => Task.FromResult<IReadOnlyList<string>>([])) { Logs = options };
        return new LogCheck().Judge(context, logs, new LogBaseline(Noon, Logs("INFO fine")), TimeSpan.FromMinutes(1));
    }

    private static IReadOnlyList<ContainerLog> Logs(params string[] lines) =>
        [new ContainerLog("api", "0123456789abcdef", Noon.AddMinutes(-1), [[.. lines.Select(line => new LogLine(Noon, line))], []], null)];

    private static IReadOnlyList<LogEvent> Events(params string[] lines) => LogEvent.Of(lines.Select(line => new LogLine(Noon, line)));

    private static LogGroup Group(string shape, int count, LogLevel level = LogLevel.Info) => new("api", shape, level, count, shape);
}
