using System.Text.Json;
using Runback.Runbook.Databases;
using Runback.Runbook.Drills;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Drills;

public sealed class DrillReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-drill-").FullName;

    private static DrillReport Report { get; } = new()
    {
        Run = "20260105T090000Z-ab12",
        StartedAt = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero),
        From = "2025-12-20-rc1",
        To = "2025-12-15-rc1",
        Runs = "2025-12-15-rc1",
        RollbackSeconds = 9.5,
        TotalSeconds = 31,
        Steps = [new StepRecord("Backup", "Done", 1.25, null)],
        Traffic = new TrafficMeasure(20, 400, 0, 12, 0.8, DateTimeOffset.UnixEpoch, true, 21, 0, 6, 140),
        Writes = new WriteProof(100, 97, [], 0),
        Rows = [new TableChange("public.bookings", 4000, 4097), new TableChange("public.customers", 1000, 1000)],
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_line_of_the_log_is_one_JSON_document_with_the_outcome_and_its_exit_code()
    {
        var line = (Report with { Outcome = Outcome.Failed, Summary = "two\nlines" }).ToLine();
        using var document = JsonDocument.Parse(line);

        Assert.DoesNotContain('\n', line);
        Assert.Equal("Failed", document.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(5, document.RootElement.GetProperty("exitCode").GetInt32());
        Assert.Equal(0.8, document.RootElement.GetProperty("traffic").GetProperty("outageSeconds").GetDouble());
        Assert.Equal(4097, document.RootElement.GetProperty("rows")[0].GetProperty("after").GetInt64());
    }

    [Fact]
    public void The_log_grows_by_a_line_for_each_drill_is_its_owners_and_survives_a_torn_line()
    {
        var file = Path.Combine(_folder, ".runback", "drills.jsonl");
        var log = new DrillLog(file);
        log.Append(Report.ToLine());
        File.AppendAllText(file, "{\"torn");
        log.Append(Report.ToLine());

        var lines = File.ReadAllLines(file);
        Assert.Equal([Report.ToLine(), "{\"torn", Report.ToLine()], lines);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_log_that_cannot_be_written_says_so_with_a_hint()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");

        var error = Assert.Throws<RunbookException>(() => new DrillLog(Path.Combine(_folder, "file", "drills.jsonl")).Append("{}"));

        Assert.NotNull(error.Hint);
    }

    [Fact]
    public void A_drill_that_failed_ends_with_its_reason_its_hint_and_its_outcome()
    {
        var failed = Report with { Outcome = Outcome.Failed, Summary = "3 writes lost", Hint = "look" };

        var error = Assert.Throws<RunbookException>(failed.ThrowUnlessDone);

        Assert.Equal(("3 writes lost", "look", Outcome.Failed), (error.Message, error.Hint, error.Outcome));
        Report.ThrowUnlessDone();
    }

    [Fact]
    public void The_table_begins_with_the_reason_of_a_failure_and_with_nothing_of_the_kind_otherwise()
    {
        Assert.Equal(("FAILED", "3 writes lost"), DrillTable.Rows(Report with { Outcome = Outcome.Failed, Summary = "3 writes lost" }).First());
        Assert.Equal(("rollback", "2025-12-20-rc1 to 2025-12-15-rc1"), DrillTable.Rows(Report).First());
    }

    [Fact]
    public void The_table_shows_outage_losses_and_only_the_rows_that_changed_as_changes()
    {
        var writer = new StringWriter();
        DrillTable.Write(Report, writer);
        var text = writer.ToString();

        Assert.Contains("0.80 s, 12 of 400 requests failed", text, StringComparison.Ordinal);
        Assert.Contains("97 acknowledged, 0 lost", text, StringComparison.Ordinal);
        Assert.Contains("public.bookings 4,000 \u2192 4,097, 1 unchanged", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_that_came_or_went_is_shown_with_the_side_that_it_is_on()
    {
        var changes = TableChange.Between(
            [new TableRows("public", "old", 5), new TableRows("public", "same", 1)], [new TableRows("public", "new", 7), new TableRows("public", "same", 1)]);

        Assert.Equal([new TableChange("public.new", null, 7), new TableChange("public.old", 5, null), new TableChange("public.same", 1, 1)], changes);
    }
}
