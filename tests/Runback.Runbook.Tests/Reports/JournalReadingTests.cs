using Runback.Runbook.Reports.Journals;

namespace Runback.Runbook.Tests.Reports;

public sealed class JournalReadingTests
{
    private const string Begin = """{"at":"2026-01-01T00:00:00Z","event":"begin","version":1}""";

    [Fact]
    public void A_torn_last_line_costs_only_itself_and_is_named()
    {
        var reading = Parse(Begin, """{"at":"2026-01-01T00:00:01Z","event":"step","na""");
        Assert.Equal("begin", Assert.Single(reading.Entries).Event);
        Assert.Contains("torn", Assert.Single(reading.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_are_not_events_are_counted_and_the_rest_is_read()
    {
        var reading = Parse("not json", Begin, "[1]", "{\"event\":5,\"event\":6}", "{\"no\":\"event\"}", "", """{"event":"without a time"}""");
        Assert.Equal(["begin", "without a time"], reading.Entries.Select(entry => entry.Event));
        Assert.Null(reading.Entries[1].At);
        Assert.Contains("4 lines", Assert.Single(reading.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_version_is_named_and_read_as_far_as_it_goes()
    {
        var reading = Parse(Begin.Replace("\"version\":1", "\"version\":7", StringComparison.Ordinal), """{"event":"from the future","x":{"y":[1]}}""");
        Assert.Equal(2, reading.Entries.Count);
        Assert.Contains("version 7", Assert.Single(reading.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_that_is_missing_or_unreadable_is_a_remark()
    {
        Assert.Contains("no journal", Assert.Single(JournalReading.Read("/nowhere/journal.jsonl").Remarks), StringComparison.Ordinal);
        Assert.Single(JournalReading.Read(Path.GetTempPath()).Remarks);
    }

    [Fact]
    public void A_change_that_is_a_command_is_one_command_with_its_exit_code()
    {
        var commands = LoggedCommand.Of(Parse(
            """{"at":"2026-01-01T00:00:10Z","event":"change","number":1,"command":"docker stop jobs"}""",
            """{"at":"2026-01-01T00:00:11Z","event":"ran","command":"docker ps","exitCode":0,"seconds":0.5}""",
            """{"at":"2026-01-01T00:00:12Z","event":"ran","command":"docker stop jobs","exitCode":1,"seconds":2}""",
            """{"at":"2026-01-01T00:00:12Z","event":"failed","number":1,"seconds":2.1,"why":"it didn't stop"}""",
            """{"at":"2026-01-01T00:00:13Z","event":"change","number":2,"command":"sed"}""").Entries);
        Assert.Equal(["docker stop jobs", "docker ps", "sed"], commands.Select(command => command.Text));
        Assert.Equal((true, 1, 2.1, "it didn't stop"), (commands[0].HasFailed, commands[0].ExitCode!.Value, commands[0].Seconds!.Value, commands[0].Failure));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 10, 500, TimeSpan.Zero), commands[1].At);
        Assert.True(commands[2].IsOpen);
    }

    [Fact]
    public void Steps_side_by_side_and_steps_of_the_same_name_find_their_own_ends()
    {
        var steps = StepSpan.Of(Parse(
            """{"at":"2026-01-01T00:00:00Z","event":"step","name":"Verify"}""",
            """{"at":"2026-01-01T00:00:01Z","event":"stepped","name":"Verify","outcome":"Done"}""",
            """{"at":"2026-01-01T00:00:02Z","event":"step","name":"Backup"}""",
            """{"at":"2026-01-01T00:00:03Z","event":"step","name":"Drain"}""",
            """{"at":"2026-01-01T00:00:07Z","event":"stepped","name":"Backup","outcome":"Failed"}""",
            """{"at":"2026-01-01T00:00:08Z","event":"step","name":"Verify"}""").Entries);
        Assert.Equal(["Verify 1 Done", "Backup 5 Failed", "Drain  ", "Verify  "], steps.Select(step => $"{step.Name} {step.Seconds} {step.Outcome}"));
    }

    private static JournalReading Parse(params IEnumerable<string> lines) => JournalReading.Parse(new StringReader(string.Join('\n', lines)));
}
