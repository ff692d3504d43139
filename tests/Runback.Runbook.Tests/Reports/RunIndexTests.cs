using System.Text.Json;
using Runback.Runbook.Reports;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Reports;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class RunIndexTests : IDisposable
{
    private readonly RecordedRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Runs_are_listed_newest_first_with_a_link_to_their_report()
    {
        Result("20261123T000000Z-aaaa", Outcome.Failed);
        Result("20261121T000000Z-bbbb", Outcome.Returned);
        RunReports.Write(_run.Folder);
        var page = File.ReadAllText(RunIndex.Write(_run.State));
        int[] places = [page.IndexOf("Failed: a person must look</", StringComparison.Ordinal), page.IndexOf($"href=\"runs/{RecordedRun.Id}/report.html\"", StringComparison.Ordinal), page.IndexOf("Failed: v2 runs again", StringComparison.Ordinal)];
        Assert.DoesNotContain(-1, places);
        Assert.True(places[1] < places[2]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_run.State, "index.html")));
    }

    [Fact]
    public void A_run_without_a_result_and_one_with_a_torn_result_are_listed_too()
    {
        Directory.CreateDirectory(Path.Combine(_run.State, "runs", "20261124T000000Z-dead"));
        Directory.CreateDirectory(Path.Combine(_run.State, "runs", "20261125T000000Z-beef"));
        File.WriteAllText(Path.Combine(_run.State, "runs", "20261125T000000Z-beef", "result.json"), "{\"run\":");
        var page = File.ReadAllText(RunIndex.Write(_run.State));
        Assert.Contains("20261124T000000Z-dead", page, StringComparison.Ordinal);
        Assert.Contains("20261125T000000Z-beef", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Drills_are_plotted_with_their_objective_and_a_torn_line_costs_only_itself()
    {
        File.WriteAllLines(Path.Combine(_run.State, "drills.jsonl"),
        [
            Drill(1, 40, "Done"), Drill(2, 44, "Done"), Drill(3, 90, "Failed"), Drill(4, 38, "Done").Replace("\"run\"", "\"objectives\":{\"rollbackSeconds\":60},\"run\"", StringComparison.Ordinal), "{\"run\":\"to",
        ]);
        var page = File.ReadAllText(RunIndex.Write(_run.State));
        Assert.Contains("the last 3 took 40.0 s (38.0 s to 44.0 s)", page, StringComparison.Ordinal);
        Assert.Contains("At most 1 min is wanted; 1 drill took longer.", page, StringComparison.Ordinal);
        Assert.Contains("4 drills, 1 of them failed", page, StringComparison.Ordinal);
        Assert.Equal(1, page.Split("class=\"objective\"").Length - 1);
    }

    [Fact]
    public void Only_the_latest_five_hundred_are_read()
    {
        for (var number = 0; number < RunIndex.Most + 10; number++)
            Result($"20250101T{number:000000}Z-0000", Outcome.Done);
        var page = File.ReadAllText(RunIndex.Write(_run.State));
        Assert.Contains("only the latest 500 are listed", page, StringComparison.Ordinal);
        Assert.DoesNotContain("runs/20250101T000009Z-0000/", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deployment_that_never_ran_anything_has_an_empty_list()
    {
        using var folder = new RecordedRun();
        Directory.Delete(Path.Combine(folder.State, "runs"), recursive: true);
        Assert.Contains("There are none yet", File.ReadAllText(RunIndex.Write(folder.State)), StringComparison.Ordinal);
    }

    private void Result(string id, Outcome outcome)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_run.State, "runs", id)).FullName;
        var result = new RunResult { Run = id, Target = "Rollback", Outcome = outcome, From = new ReleaseRecord("v2", new Dictionary<string, string>()) };
        File.WriteAllText(Path.Combine(folder, "result.json"), result.ToJson());
        File.WriteAllText(Path.Combine(folder, "report.md"), "");
    }

    private static string Drill(int day, double seconds, string outcome) => JsonSerializer.Serialize(new
    {
        run = $"d{day}",
        startedAt = new DateTimeOffset(2026, 11, day, 3, 0, 0, TimeSpan.Zero),
        outcome,
        rollbackSeconds = seconds,
        traffic = new { outageSeconds = seconds / 10 },
        from = "v2",
        to = "v1",
    });
}
