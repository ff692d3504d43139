using System.Text.Json.Nodes;
using Runback.Runbook.Reports;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Runs;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class RunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-run-").FullName;

    private string State => Path.Combine(_folder, ".runback");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_result_has_the_names_and_values_that_were_promised()
    {
        var json = JsonNode.Parse(Whole().ToJson())!;
        Assert.Equal("r1", json["run"]!.GetValue<string>());
        Assert.Equal("Rollback", json["target"]!.GetValue<string>());
        Assert.Equal("Returned", json["outcome"]!.GetValue<string>());
        Assert.Equal(4, json["exitCode"]!.GetValue<int>());
        Assert.Equal("AppOnly", json["strategy"]!.GetValue<string>());
        Assert.Equal(("v2", "sha256:bb"), (json["from"]!["tag"]!.GetValue<string>(), json["from"]!["digests"]!["api"]!.GetValue<string>()));
        Assert.Equal("v1", json["to"]!["tag"]!.GetValue<string>());
        Assert.Equal(("n1", "n1"), (json["database"]!["before"]![0]!.GetValue<string>(), json["database"]!["after"]![0]!.GetValue<string>()));
        Assert.Equal(["file", "sha256", "bytes", "level"], Names(json["backup"]));
        Assert.Equal(5, json["backup"]!["bytes"]!.GetValue<long>());
        Assert.Equal(["name", "outcome", "seconds", "detail"], Names(json["steps"]![0]));
        Assert.Equal(["seconds", "requests", "failed", "from"], Names(json["outage"]));
        Assert.Equal("/srv/report.md", json["report"]!.GetValue<string>());
    }

    [Fact]
    public void A_result_that_knows_nothing_still_has_every_name() => Assert.Superset(
        new HashSet<string>(["run", "target", "outcome", "exitCode", "strategy", "from", "to", "database", "backup", "steps", "outage", "report"]),
        JsonNode.Parse(new RunResult { Run = "r", Target = "t" }.ToJson())!.AsObject().Select(pair => pair.Key).ToHashSet());

    [Fact]
    public void Every_outcome_has_its_exit_code() => Assert.Equal(
        [("Done", 0), ("Error", 1), ("Usage", 2), ("Refused", 3), ("Returned", 4), ("Failed", 5), ("Locked", 6)],
        Enum.GetValues<Outcome>().Select(outcome => (outcome.ToString(), outcome.ExitCode())));

    [Fact]
    public void A_run_leaves_a_result_a_report_a_journal_and_a_transcript_for_its_owner_only()
    {
        string folder;
        using (var run = Run.Begin(State, "Rollback", new Narration(TextWriter.Null, new Secrets()), new Secrets(), dryRun: false))
        {
            folder = run.Folder!;
            run.Narration.Say("said");
            Assert.Equal(JsonNode.Parse(run.End())!["run"]!.GetValue<string>(), run.Id);
        }
        var files = Directory.EnumerateFiles(folder).ToList();
        Assert.Equal(["journal.jsonl", "report.html", "report.md", "result.json", "transcript.log"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.True(File.Exists(Path.Combine(State, "index.html")));
        Assert.Equal("said\n", File.ReadAllText(Path.Combine(folder, "transcript.log")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Fact]
    public void A_dry_run_writes_nothing_at_all()
    {
        using var run = Run.Begin(State, "Rollback", Narration.Silent, new Secrets(), dryRun: true);
        run.Journal.Write("anything");
        Assert.True(run.DryRun);
        Assert.Null(JsonNode.Parse(run.End())!["report"]);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void A_deployment_whose_folder_is_missing_is_not_made_by_a_run()
    {
        var error = Assert.Throws<RunbookException>(() => Run.Begin(Path.Combine(_folder, "gone", ".runback"), "Rollback", Narration.Silent, new Secrets(), dryRun: false));
        Assert.Equal(Outcome.Usage, error.Outcome);
        Assert.Contains("--directory", error.Hint, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "gone")));
    }

    [Fact]
    public void A_result_is_read_back_and_anything_else_is_none()
    {
        var file = Path.Combine(_folder, "result.json");
        File.WriteAllText(file, Whole().ToJson());
        Assert.Equal((Outcome.Returned, "v2"), (RunResult.Read(file)!.Outcome, RunResult.Read(file)!.From!.Tag));
        Assert.Single(RunResult.Read(file)!.Steps);
        File.WriteAllText(file, "{\"run\":");
        Assert.Null(RunResult.Read(file));
        Assert.Null(RunResult.Read(Path.Combine(_folder, "none")));
    }

    [Fact]
    public void The_tickets_first_line_says_how_it_ended_and_no_cell_breaks_its_table()
    {
        var result = Whole();
        result.Summary = "health: expected 200, found 502";
        result.Checks.Add(new CheckRecord("a|b", false, "x\ny", "<script>", "mind | it"));
        var report = TicketReport.Write(new ReportModel { Run = "r1", Result = JsonFacts.Parse(result.ToJson())! });
        Assert.StartsWith("# Rollback: Returned \u2013 health: expected 200, found 502\n", report, StringComparison.Ordinal);
        Assert.Contains("| a\\|b | **failed** | x y | &lt;script> (hint: mind \\| it) |", report, StringComparison.Ordinal);
        Assert.Contains("| Database revision | n1, unchanged |", report, StringComparison.Ordinal);
        Assert.Contains("1.25 s, 3 of 40 probes failed", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Outcome.Done, "Rollback: done, v1 runs (before: v2)")]
    [InlineData(Outcome.Refused, "Rollback: refused, nothing was changed: why")]
    [InlineData(Outcome.Usage, "Rollback: can't be run like this, nothing was changed: why")]
    [InlineData(Outcome.Locked, "Rollback: nothing was changed: why")]
    [InlineData(Outcome.Returned, "Rollback: failed, and v2 runs again as it was found: why")]
    [InlineData(Outcome.Failed, "Rollback: FAILED, a person must look: why")]
    [InlineData(Outcome.Error, "Rollback: error: why")]
    public void The_headline_says_how_it_ended_and_what_runs(Outcome outcome, string line)
    {
        var result = Whole();
        (result.Exchanged, result.Verified) = (true, true);
        result.Outcome = outcome;
        result.Summary = "why";
        result.Hint = "do this";
        var expected = outcome == Outcome.Done ? line : line + "\nhint: do this";
        Assert.Equal(expected + "\nreport: /srv/report.md", Headline.Of(result));
    }

    [Fact]
    public void The_headline_of_a_run_that_found_everything_done_and_of_a_dry_run()
    {
        var same = new RunResult { Run = "r", Target = "Rollback", From = new ReleaseRecord("v1", new Dictionary<string, string>()), To = new ReleaseRecord("v1", new Dictionary<string, string>()) };
        Assert.Equal("Rollback: done, v1 runs", Headline.Of(same));
        same.DryRun = true;
        Assert.Equal("Rollback: dry run, nothing was changed", Headline.Of(same));
    }

    private static IEnumerable<string> Names(JsonNode? node) => node!.AsObject().Select(pair => pair.Key);

    private static RunResult Whole()
    {
        var result = new RunResult
        {
            Run = "r1",
            Target = "Rollback",
            Outcome = Outcome.Returned,
            Strategy = "AppOnly",
            From = new ReleaseRecord("v2", new Dictionary<string, string> { ["api"] = "sha256:bb" }),
            To = new ReleaseRecord("v1", new Dictionary<string, string> { ["api"] = "sha256:aa" }),
            Database = new DatabaseRecord(["n1"], ["n1"]),
            Backup = new BackupRecord("/srv/b.dump", "ab", 5, "Decode"),
            Outage = new OutageRecord(1.25, 40, 3),
            Report = "/srv/report.md",
        };
        result.Steps.Add(new StepRecord("Backup", "Done", 1.5, null));
        return result;
    }
}
