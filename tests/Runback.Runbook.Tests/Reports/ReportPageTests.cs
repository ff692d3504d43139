using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Runback.Runbook.Reports;
using Runback.Runbook.Reports.Html;
using Runback.Runbook.Verification.Logs;

namespace Runback.Runbook.Tests.Reports;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed partial class ReportPageTests : IDisposable
{
    private readonly RecordedRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void The_policy_comes_before_the_style_and_allows_it_alone()
    {
        var page = Page();
        var policy = Policy().Match(page);
        var style = Style().Match(page);
        Assert.True(policy.Success && style.Success && policy.Index < style.Index);
        Assert.StartsWith("default-src 'none'; style-src ", policy.Groups[1].Value.Replace("&#39;", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style.Groups[1].Value)));
        Assert.Contains($"sha256-{hash}", policy.Groups[1].Value, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy.Groups[1].Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_loaded_or_run() => Assert.DoesNotMatch("(?i)<script|<link|<img|<iframe|<object|\\son[a-z]+=|\\sstyle=|\\ssrc=|url\\(|@import", Page());

    [Fact]
    public void The_first_screen_answers_what_is_asked_first()
    {
        var header = Header().Match(Page()).Value;
        foreach (var answer in (string[])["Done: 2025-12-15-rc1 runs", "2025-12-20-rc1 \u2192 2025-12-15-rc1", "13.2 s of 46.8 s in all", "3.49 s, 67 of 406 requests failed", "none: all 85 acknowledged writes are there", "What to do next"])
            Assert.Contains(answer, header, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recorded_drill_shows_steps_gates_checks_commands_and_what_was_kept()
    {
        var page = Page();
        foreach (var shown in (string[])["VerifyBackup", "IMAGE_TAG decides the image of api and jobs", "503; db: ok, migrations: migrations pending", "71 commands ran, 5 of them to change something",
            "rm -- /srv/cleaning/.runback/runs/20261122T120818Z-fafd/env.120852091.before", "sha256sum -c pg_cleaning_20261122T120850Z.dump.sha256", "public.bookings", "4,085"])
            Assert.Contains(shown, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Log_changes_are_a_section_of_their_own_by_service_with_counts_and_a_sample()
    {
        var changes = new LogChanges(900, 45.2,
        [
            new(LogChangeKind.New, "api", LogLevel.Error, "ERROR no such column *", 0, 12, "ERROR no such column \"note\""),
            new(LogChangeKind.Fewer, "api", LogLevel.Info, "GET /bookings #xx", 4000, 17, "GET /bookings 200"),
            .. Enumerable.Range(1, 9).Select(number => new LogChange(LogChangeKind.Gone, "jobs", LogLevel.Info, $"shape {number}", 300, 0, $"sample {number}")),
        ]);
        var result = new Runback.Runbook.Runs.RunResult { Run = "r", Target = "Verify", LogChanges = changes };
        _run.Edit("result.json", json => json["logChanges"] = JsonNode.Parse(result.ToJson())!["logChanges"]!.DeepClone());
        var page = System.Net.WebUtility.HtmlDecode(Page());
        foreach (var shown in (string[])["Log changes", "api: 1 new, 1 fewer", "jobs: 9 gone", "(45.2 s) against the 15 min before", "new error", "ERROR no such column \"note\"", "1 more in the log of jobs"])
            Assert.Contains(shown, page, StringComparison.Ordinal);
        var ticket = TicketReport.Write(ReportModel.Read(_run.Folder));
        foreach (var shown in (string[])["## Log changes", "api: 1 new, 1 fewer", "| **new error** | 0 | 12 | `ERROR no such column \"note\"` |", "| fewer | 4000 | 17 |", "`sample 8`"])
            Assert.Contains(shown, ticket, StringComparison.Ordinal);
        Assert.DoesNotContain("sample 9", ticket, StringComparison.Ordinal);

        _run.Edit("result.json", json => json["logChanges"] = JsonNode.Parse("""{"afterSeconds":5,"changes":[]}"""));
        Assert.Contains("nobody knows what was logged before, so that errors alone are listed. Nothing changed.", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_killed_says_so_and_shows_how_far_it_came()
    {
        _run.Delete("result.json", "drill.json", "traffic.jsonl");
        var journal = Path.Combine(_run.Folder, "journal.jsonl");
        File.WriteAllText(journal, File.ReadAllText(journal)[..22_000]);
        var page = Page();
        Assert.Contains("No result: it still runs, or was ended halfway", page, StringComparison.Ordinal);
        Assert.Contains("last line is torn", page, StringComparison.Ordinal);
        Assert.Contains("./build.sh Status", page, StringComparison.Ordinal);
        Assert.Contains("no end", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_of_a_newer_version_shows_what_it_has()
    {
        _run.Edit("result.json", result =>
        {
            result["outcome"] = "Postponed";
            result["moonPhase"] = new JsonArray(new JsonObject { ["night"] = 1, ["howFull"] = "half" });
            result["steps"] = "no list any more";
        });
        var page = Page();
        Assert.Contains("Ended as \u201cPostponed\u201d, which this version doesn't know", page, StringComparison.Ordinal);
        Assert.Contains("Moon phase", page, StringComparison.Ordinal);
        Assert.Contains("How full", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "The result can't be read")]
    [InlineData("[]", "The result can't be read")]
    [InlineData("{\"run\":5,\"steps\":[null,5,{}],\"from\":7,\"kept\":{},\"backup\":[],\"startedAt\":\"yesterday\",\"outage\":{\"seconds\":\"x\"}}", "Commands")]
    public void A_damaged_result_still_gives_a_report(string content, string shown)
    {
        File.WriteAllText(Path.Combine(_run.Folder, "result.json"), content);
        Assert.Contains(shown, Page(), StringComparison.Ordinal);
        Assert.NotEmpty(TicketReport.Write(ReportModel.Read(_run.Folder)));
    }

    [Fact]
    public void Losses_choices_migrations_and_a_rehearsal_are_shown_once_a_run_has_them()
    {
        _run.Delete("drill.json", "traffic.jsonl");
        _run.Edit("result.json", result =>
        {
            result["strategy"] = "Downgrade";
            result["choices"] = JsonNode.Parse("""[{"strategy":"AppOnly","isOpen":false,"meaning":"the database stays","whyNot":"Breaking","command":null,"downtimeSeconds":3.5,"loss":"nothing"}]""");
            result["assessment"] = JsonNode.Parse("""{"revisions":[{"revision":"a1","verdict":"Additive","reasons":[],"downgrade":"Present"},{"revision":"b2","verdict":"Breaking","reasons":[{"rule":"drop-column","severity":"Breaking","object":"bookings.note","detail":"goes","line":12}],"downgrade":"Lossy"}],"verdict":"Breaking"}""");
            result["rehearsal"] = JsonNode.Parse("""{"keptSchema":{"passed":false,"checks":[],"seconds":4},"downgrade":{"succeeded":true,"seconds":2},"observed":"Breaking","losses":[{"subject":"bookings.access_notes","kind":"Column","rows":4000,"nonNull":37,"sinceBad":3,"sinceColumn":"created_at"}]}""");
        });
        var page = Page();
        foreach (var shown in (string[])["no: Breaking", "All together: Breaking", "bookings.note: goes (drop-column, line 12)", "fails (4.00 s)", "works (2.00 s)",
            "the column bookings.access_notes with 37 values in 4,000 rows, 3 of them written since the bad release went live (created_at)"])
            Assert.Contains(shown, page, StringComparison.Ordinal);
        Assert.True(page.IndexOf(">b2<", StringComparison.Ordinal) < page.IndexOf(">a1<", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Downgrade", true, "Done", "the column note with 37 values in 40 rows")]
    [InlineData("Downgrade", true, "Returned", "the column note with 37 values in 40 rows")]
    [InlineData("Downgrade", false, "Failed", "none: the database stayed as it was")]
    [InlineData("Restore", true, "Done", "5 rows of bookings written since the backup")]
    [InlineData("Restore", true, "Returned", "none: the database stayed as it was")]
    [InlineData("AppOnly", false, "Done", "none: the database stayed as it was")]
    [InlineData("Downgrade", true, "Refused", "none: nothing was changed")]
    public void What_was_lost_is_what_was_really_done(string strategy, bool moved, string outcome, string lost)
    {
        _run.Delete("drill.json", "traffic.jsonl");
        _run.Edit("result.json", result =>
        {
            (result["strategy"], result["outcome"]) = (strategy, outcome);
            result["rehearsal"] = JsonNode.Parse("""{"losses":[{"subject":"note","kind":"Column","rows":40,"nonNull":37}]}""");
            result["rowsSince"] = strategy == "Restore" ? JsonNode.Parse("""{"tables":[{"name":"bookings","since":5,"loses":true,"takeCommand":"take"},{"name":"teams","since":0,"loses":false}]}""") : null;
        });
        if (moved)
            _run.Journal(new { at = "2026-11-22T12:09:00Z", @event = strategy == "Restore" ? "swapped" : "moved" });
        Assert.Equal(lost, string.Concat(DataLost.Line(ReportModel.Read(_run.Folder)).Spans.Select(span => span.Text)));
    }

    [Theory]
    [InlineData(true, "none: nothing was written since the backup")]
    [InlineData(false, "no new rows; rows that were changed or removed since the backup aren't told")]
    public void A_restore_that_gave_up_no_new_row_says_whether_changed_ones_would_have_been_seen(bool seesChanges, string lost)
    {
        _run.Delete("drill.json", "traffic.jsonl");
        _run.Edit("result.json", result =>
        {
            (result["strategy"], result["outcome"]) = ("Restore", "Done");
            result["rowsSince"] = JsonNode.Parse($$"""{"seesChanges":{{(seesChanges ? "true" : "false")}},"tables":[{"name":"bookings","since":0,"loses":false}]}""");
        });
        _run.Journal(new { at = "2026-11-22T12:09:00Z", @event = "moved" });
        Assert.Equal(lost, string.Concat(DataLost.Line(ReportModel.Read(_run.Folder)).Spans.Select(span => span.Text)));
    }

    [Fact]
    public void A_ticket_begins_with_how_it_ended_and_leaves_drawings_and_folded_things_out()
    {
        var ticket = TicketReport.Write(ReportModel.Read(_run.Folder));
        Assert.StartsWith("# Drill: Done\n", ticket, StringComparison.Ordinal);
        Assert.Contains("| Releases | 2025-12-20-rc1 \u2192 2025-12-15-rc1 |", ticket, StringComparison.Ordinal);
        Assert.DoesNotContain("Timeline", ticket, StringComparison.Ordinal);
        Assert.DoesNotContain("docker container inspect", ticket, StringComparison.Ordinal);
        Assert.True(ticket.Length < 20_000, $"{ticket.Length} characters");
    }

    [Fact]
    public void Two_thousand_lines_are_drawn_and_a_usual_run_is_small()
    {
        Assert.True(Encoding.UTF8.GetByteCount(Page()) < 300_000);
        _run.Journal(Enumerable.Range(0, 2_000).Select(number => new { at = $"2026-11-22T12:08:{number % 60:00}Z", @event = "ran", command = $"docker inspect {number}", exitCode = 0, seconds = 0.02 }));
        var page = ReportPage.Write(ReportModel.Read(_run.Folder));
        Assert.Contains("docker inspect 0", page, StringComparison.Ordinal);
        Assert.Contains("docker inspect 1999", page, StringComparison.Ordinal);
    }

    private string Page() => File.ReadAllText(RunReports.Write(_run.Folder));

    [GeneratedRegex("<meta http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\">")]
    private static partial Regex Policy();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("<header.*?</header>", RegexOptions.Singleline)]
    private static partial Regex Header();
}
