using Runback.Runbook.Reports;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Reports;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ReportReaderTests : IDisposable
{
    private readonly RecordedRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void The_latest_run_is_the_one_and_its_report_is_made_for_its_owner_only()
    {
        Directory.CreateDirectory(Path.Combine(_run.State, "runs", "20251231T235959Z-0000"));
        var page = ReportReader.Find(_run.State, null);
        Assert.Equal(Path.Combine(_run.Folder, "report.html"), page);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(page));
    }

    [Fact]
    public void A_run_is_found_by_its_id_or_the_beginning_of_it()
    {
        Assert.Equal(ReportReader.Find(_run.State, null), ReportReader.Find(_run.State, RecordedRun.Id));
        Assert.Equal(ReportReader.Find(_run.State, null), ReportReader.Find(_run.State, "20261122T12"));
    }

    [Theory]
    [InlineData("20261122T120818Z-fadf")]
    [InlineData("2026112")]
    [InlineData("../../etc")]
    [InlineData("")]
    public void An_unknown_run_is_a_usage_error_that_names_the_nearest(string run)
    {
        Directory.CreateDirectory(Path.Combine(_run.State, "runs", "20261122T115500Z-1111"));
        var error = Assert.Throws<RunbookException>(() => ReportReader.Find(_run.State, run));
        Assert.Equal(Outcome.Usage, error.Outcome);
        Assert.Contains(RecordedRun.Id, error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_run_it_says_where_it_looked()
    {
        var error = Assert.Throws<RunbookException>(() => ReportReader.Find("/nowhere/.runback", null));
        Assert.Equal(Outcome.Usage, error.Outcome);
        Assert.Contains("/nowhere/.runback/runs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_is_drawn_anew_only_when_it_is_of_another_version_or_older_than_its_result()
    {
        var page = ReportReader.Find(_run.State, null);
        File.AppendAllText(page, "<!-- mine -->");
        Assert.Contains("mine", File.ReadAllText(ReportReader.Find(_run.State, null)), StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(Path.Combine(_run.Folder, "result.json"), DateTime.UtcNow.AddMinutes(1));
        Assert.DoesNotContain("mine", File.ReadAllText(ReportReader.Find(_run.State, null)), StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(Path.Combine(_run.Folder, "result.json"), DateTime.UtcNow.AddMinutes(-1));
        File.WriteAllText(page, File.ReadAllText(page).Replace("runback-report 1", "runback-report 0", StringComparison.Ordinal));
        Assert.Contains("runback-report 1", File.ReadAllText(ReportReader.Find(_run.State, null)), StringComparison.Ordinal);
    }
}
