using System.Text.Json.Nodes;
using Runback.Runbook.Reports.Html;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Reports;

/// <summary>Writes a run's reports into its folder: <c>report.html</c> for people and <c>report.md</c> for tickets, readable by their owner only.</summary>
public static class RunReports
{
    /// <summary>The page's file name.</summary>
    public const string PageName = "report.html";

    /// <summary>The ticket's file name.</summary>
    public const string TicketName = "report.md";

    /// <summary>Writes both from what is in the run's folder.</summary>
    /// <returns>The path of the page.</returns>
    public static string Write(string folder) => Write(ReportModel.Read(folder), folder);

    /// <summary>Writes both at the end of a run.</summary>
    /// <param name="result">The run's result as JSON, in which secrets are masked.</param>
    /// <param name="folder">The run's folder; its journal is read as far as it is written.</param>
    /// <returns>The path of the page.</returns>
    public static string Write(string result, string folder) => Write(ReportModel.Of(JsonFacts.Parse(result) ?? new JsonObject(), folder), folder);

    private static string Write(ReportModel model, string folder)
    {
        PrivateFiles.Replace(Path.Combine(folder, TicketName), TicketReport.Write(model));
        var page = Path.Combine(folder, PageName);
        PrivateFiles.Replace(page, ReportPage.Write(model));
        return page;
    }
}
