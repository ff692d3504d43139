using Runback.Runbook.Incidents;
using Runback.Runbook.Reports;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Reports;

public sealed class ChecklistSectionTests
{
    [Fact]
    public void The_checklist_is_a_table_of_answers_and_no_json()
    {
        var result = new RunResult
        {
            Run = "r", Target = "Rollback",
            Checklist = new Checklist(
            [
                new ChecklistLine(ChecklistItem.Incident, "Incident declared", ChecklistState.Answered, "INC-42", Required: true) { Link = new Uri("https://example.com/42") },
                new ChecklistLine(ChecklistItem.BackupVerified, "Backup verified", ChecklistState.Failed, "damaged", Required: true, "take another"),
                new ChecklistLine(ChecklistItem.Impact, "Impact assessed", ChecklistState.Missing, "", Required: true, "./build.sh Assess"),
                new ChecklistLine(ChecklistItem.Stakeholders, "Stakeholders notified", ChecklistState.Missing, "", Required: false),
            ]),
        };
        var report = TicketReport.Write(new ReportModel { Run = "r", Result = JsonFacts.Parse(result.ToJson())! });
        Assert.Contains("| Incident declared | yes | INC-42 (https://example.com/42) |", report, StringComparison.Ordinal);
        Assert.Contains("| Backup verified | **failed** | damaged (hint: take another) |", report, StringComparison.Ordinal);
        Assert.Contains("| Impact assessed | **missing, required** | (hint: ./build.sh Assess) |", report, StringComparison.Ordinal);
        Assert.Contains("| Stakeholders notified | missing |", report, StringComparison.Ordinal);
        Assert.DoesNotContain("{", report, StringComparison.Ordinal);
        Assert.DoesNotContain("\"item\"", report, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_newer_version_recorded_is_told_in_words_however_deep_it_is()
    {
        var model = new ReportModel
        {
            Run = "r",
            Result = JsonFacts.Parse("""{"run": "r", "target": "Rollback", "checklist": {"kind": "new", "parts": [{"name": "a", "inner": {"rows": 7, "ok": true, "more": [{"x": 1}, {"x": 2}]}}], "who": {"name": "Ann"}}}""")!,
        };
        var report = TicketReport.Write(model);
        Assert.DoesNotContain("{", report, StringComparison.Ordinal);
        Assert.Contains("Rows: 7, Ok: yes, More: X: 1; X: 2", report, StringComparison.Ordinal);
        Assert.Contains("Ann", report, StringComparison.Ordinal);
    }
}
