using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Runs;

/// <summary>Journals of other runs: torn, empty, foreign, unreadable, several.</summary>
public sealed class RunHistoryTests : IDisposable
{
    private const string Begin = """{"at":"2025-12-21T10:00:00.0000000+00:00","event":"begin","version":1,"run":"r","target":"Rollback","user":"ada","host":"ops1"}""";
    private const string Origin = """{"event":"origin","tag":"v2","pin":"v2@sha256:bb","image":"sha256:i2","digests":{"api":"sha256:bb"},"level":"Ready"}""";
    private const string End = """{"event":"end","outcome":"Done"}""";
    private readonly string _state = Directory.CreateTempSubdirectory("runback-history-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public void A_whole_journal_says_who_did_what_and_how_far_it_came()
    {
        Journal("20251221T100000Z-aaaa", Begin, """{"event":"situation","revisions":["n1"]}""", Origin, """{"event":"course","course":"Downgrade"}""",
            """{"event":"target","tag":"v1"}""", Changing("10:00:05"), Change(1, "docker stop api"), """{"event":"changed","number":1}""", Change(2, "alembic downgrade a7"));

        var run = RunRecord.Read(Folder("20251221T100000Z-aaaa"));

        Assert.Equal(("Rollback", "v1", "ada@ops1", "Downgrade"), (run.Target, run.Tag, run.By, run.Course));
        Assert.Equal(("docker stop api", "alembic downgrade a7"), (run.LastMade!.Command, run.LastBegun!.Command));
        Assert.Equal(["n1"], run.Revisions!);
        Assert.True(run is { Changed: true, Ended: false, IsUnfinished: true, Problem: null });
    }

    [Fact]
    public void A_torn_last_line_is_passed_over_and_what_stands_before_it_counts()
    {
        Journal("20251221T100000Z-aaaa", Begin, Origin, Changing("10:00:05"), Change(1, "docker stop api"), """{"event":"changed","num""");
        var run = RunRecord.Read(Folder("20251221T100000Z-aaaa"));
        Assert.Equal("docker stop api", run.LastBegun!.Command);
        Assert.Null(run.LastMade);
        Assert.True(run.IsUnfinished);
    }

    [Fact]
    public void A_run_without_a_journal_or_with_an_empty_one_had_changed_nothing()
    {
        Journal("20251221T100000Z-aaaa");
        Directory.CreateDirectory(Folder("20251221T110000Z-bbbb"));
        Assert.Equal(2, RunHistory.List(_state).Count);
        Assert.All(RunHistory.List(_state), run => Assert.True(run is { IsUnfinished: false, IsSettled: false, Problem: null }));
        Assert.Empty(UnfinishedRun.List(_state));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("\"one\"")]
    [InlineData("null")]
    public void A_journal_of_a_newer_version_makes_its_run_unfinished_and_nothing_of_it_is_believed(string version)
    {
        Journal("20251221T100000Z-aaaa", Begin, Origin, Changing("10:00:05"), End);
        Journal("20251221T110000Z-bbbb", Begin.Replace("\"version\":1", $"\"version\":{version}", StringComparison.Ordinal), Origin, Changing("11:00:05"), End);

        var run = Assert.Single(UnfinishedRun.Records(_state));

        Assert.Equal("20251221T110000Z-bbbb", run.Id);
        Assert.Contains("a newer one wrote it", run.Problem, StringComparison.Ordinal);
        Assert.True(run is { Origin: null, Changed: false, Ended: false });
        Assert.Null(ReturnPoint.OfUnfinishedRun(_state));
        var refused = Assert.Throws<RunbookException>(() => ReturnPoint.OfLastRun(_state, "none"));
        Assert.Equal(Outcome.Refused, refused.Outcome);
        Assert.Contains("20251221T110000Z-bbbb", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_run_that_came_to_its_end_settles_what_nobody_could_read()
    {
        Journal("20251221T100000Z-aaaa", Begin.Replace("\"version\":1", "\"version\":9", StringComparison.Ordinal));
        Journal("20251221T110000Z-bbbb", Begin, Origin, Changing("11:00:05"), End);
        Assert.Empty(UnfinishedRun.List(_state));
        Assert.Equal("20251221T110000Z-bbbb", ReturnPoint.OfLastRun(_state, "none")!.Run);
    }

    [Fact]
    public void A_journal_that_cannot_be_read_makes_its_run_unfinished()
    {
        // Root reads every file; a folder nobody can read as one.
        Directory.CreateDirectory(Path.Combine(Folder("20251221T100000Z-aaaa"), "journal.jsonl"));
        var run = Assert.Single(UnfinishedRun.Records(_state));
        Assert.Contains("can't be read", run.Problem, StringComparison.Ordinal);
        Assert.Null(ReturnPoint.OfUnfinishedRun(_state));
        Assert.Throws<RunbookException>(() => ReturnPoint.OfLastRun(_state, "none"));
    }

    [Fact]
    public void Of_two_unfinished_runs_the_way_back_is_the_olders_unless_one_of_them_may_have_done_anything()
    {
        Journal("20251221T100000Z-aaaa", Begin, Origin, Changing("10:00:05"));
        Journal("20251221T110000Z-bbbb", Begin, Origin.Replace("v2", "v5", StringComparison.Ordinal), Changing("11:00:05"));
        Assert.Equal(["20251221T110000Z-bbbb", "20251221T100000Z-aaaa"], UnfinishedRun.List(_state));
        Assert.Equal("v2", ReturnPoint.OfUnfinishedRun(_state)!.Tag);

        Journal("20251221T120000Z-cccc", Begin.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal));
        Assert.Equal(3, UnfinishedRun.List(_state).Count);
        Assert.Null(ReturnPoint.OfUnfinishedRun(_state));
    }

    [Fact]
    public void A_run_that_waited_for_its_turn_settles_those_that_went_first_whatever_its_id_says()
    {
        Journal("20251221T100000Z-wait", Begin, Origin, Changing("10:09:00"), End);
        Journal("20251221T100500Z-dead", Begin, Origin.Replace("v2", "v5", StringComparison.Ordinal), Changing("10:06:00"));
        Assert.Empty(UnfinishedRun.List(_state));
        Assert.Equal("20251221T100000Z-wait", ReturnPoint.OfLastRun(_state, "none")!.Run);
    }

    [Fact]
    public void A_run_whose_clock_was_fast_is_settled_by_the_next_one_and_one_whose_clock_was_slow_is_not_settled_by_the_one_before()
    {
        Journal("20251221T120000Z-fast", Begin, Origin, Changing("12:00:05", turn: 1));
        Journal("20251221T110000Z-next", Begin, Origin.Replace("v2", "v5", StringComparison.Ordinal), Changing("11:00:05", turn: 2), End);
        Assert.Empty(UnfinishedRun.List(_state));
        Assert.Equal("20251221T110000Z-next", ReturnPoint.OfLastRun(_state, "none")!.Run);

        Journal("20251221T090000Z-slow", Begin, Origin, Changing("09:00:05", turn: 3));
        Assert.Equal(["20251221T090000Z-slow"], UnfinishedRun.List(_state));
        Assert.Equal(4, RunHistory.NextTurn(RunHistory.List(_state)));
        Assert.Equal(1, RunHistory.NextTurn([]));
    }

    [Fact]
    public void A_run_without_a_turn_stands_after_those_that_had_changed_something_by_then()
    {
        Journal("20251221T100000Z-aaaa", Begin, Origin, Changing("10:00:05", turn: 1), End);
        Journal("20251221T110000Z-bbbb", Begin.Replace("\"version\":1", "\"version\":9", StringComparison.Ordinal));
        Journal("20251221T113000Z-cccc", Begin, Origin, Changing("11:30:05"));
        Assert.Equal(["20251221T113000Z-cccc", "20251221T110000Z-bbbb"], UnfinishedRun.List(_state));

        Journal("20251221T120000Z-dddd", Begin, Origin, Changing("12:00:05", turn: 2), End);
        Assert.Empty(UnfinishedRun.List(_state));
    }

    [Fact]
    public void A_journal_that_could_not_be_written_to_its_end_is_ended_by_the_result()
    {
        Journal("20251221T100000Z-aaaa", Begin, Origin, Changing("10:00:05"));
        var result = new RunResult { Run = "20251221T100000Z-aaaa", Target = "Rollback", EndedAt = DateTimeOffset.UtcNow };
        File.WriteAllText(Path.Combine(Folder("20251221T100000Z-aaaa"), "result.json"), (result with { Run = "another" }).ToJson());
        Assert.Single(UnfinishedRun.List(_state));
        File.WriteAllText(Path.Combine(Folder("20251221T100000Z-aaaa"), "result.json"), result.ToJson());
        Assert.Empty(UnfinishedRun.List(_state));
    }

    [Fact]
    public void What_a_run_took_up_is_read_back_from_its_journal()
    {
        Journal("20251221T100000Z-aaaa", Begin, Origin.Replace("\"level\"", "\"takesUp\":[\"x\",\"y\"],\"level\"", StringComparison.Ordinal), Changing("10:00:05"));
        Assert.Equal(["x", "y"], ReturnPoint.OfLastRun(_state, "none")!.TakesUp!);
    }

    private static string Changing(string time, int? turn = null) =>
        $$"""{"at":"2025-12-21T{{time}}.0000000+00:00","event":"changing",{{(turn is null ? "" : $"\"turn\":{turn},")}}"to":"v1@sha256:aa","image":"sha256:i1"}""";

    private static string Change(int number, string command) => $$"""{"at":"2025-12-21T10:00:06.0000000+00:00","event":"change","number":{{number}},"command":"{{command}}"}""";

    private string Folder(string run) => Path.Combine(_state, "runs", run);

    private void Journal(string run, params string[] lines) =>
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Folder(run)).FullName, "journal.jsonl"), string.Join('\n', lines));
}
