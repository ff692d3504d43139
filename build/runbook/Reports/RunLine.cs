using Runback.Runbook.Reports.Journals;

namespace Runback.Runbook.Reports;

/// <summary>A run in the list of runs.</summary>
/// <param name="Folder">Its folder's name.</param>
/// <param name="Model">Its result, without its journal.</param>
/// <param name="Page">The report's file in that folder; null when there is none.</param>
public sealed record RunLine(string Folder, ReportModel Model, string? Page)
{
    /// <summary>Reads a run's result.</summary>
    public static RunLine Read(string folder)
    {
        var name = Path.GetFileName(folder);
        var result = JsonFacts.Read(Path.Combine(folder, "result.json"));
        return new(name, new ReportModel { Run = name, Result = result ?? [], Journal = result is null ? Beginning(folder) : new([], []) },
            ((string[])[RunReports.PageName, RunReports.TicketName]).FirstOrDefault(file => File.Exists(Path.Combine(folder, file))));
    }

    // A run without a result is told by its journal's first line; a run's journal is not read whole for a list.
    private static JournalReading Beginning(string folder)
    {
        try
        {
            return JournalReading.Parse(new StringReader(File.ReadLines(Path.Combine(folder, "journal.jsonl")).FirstOrDefault() ?? ""));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new([], []);
        }
    }

    /// <summary>The runs as a table.</summary>
    public static IEnumerable<Block> Blocks(IReadOnlyList<RunLine> runs, bool isCut)
    {
        if (runs.Count == 0)
            yield return new Paragraph("There are none yet.");
        else
            yield return new Table("Runs, newest first", ["Began", "Target", "Outcome", "Releases", new("Took", IsNumber: true), new("Outage", IsNumber: true), "Incident"], [.. runs.Select(run => run.Cells())]);
        if (isCut)
            yield return new Paragraph($"Older runs are in the folder runs: only the latest {runs.Count} are listed.");
    }

    /// <summary>The run in a few words.</summary>
    public Cell InBrief()
    {
        var conclusion = Conclusion.Of(Model);
        return Cell.Of(conclusion.Tone, $"{Model.Target}: {conclusion.Title}");
    }

    private IReadOnlyList<Cell> Cells()
    {
        var began = Model.StartedAt is { } at ? Words.Moment(at) : Folder;
        var outage = Model.Result.Get("outage");
        var conclusion = Conclusion.Of(Model);
        return
        [
            Page is null ? began : new Cell([new(began, SpanKind.Link, $"runs/{Uri.EscapeDataString(Folder)}/{Page}")]),
            Model.Target,
            Cell.Of(conclusion.Tone, conclusion.Title),
            Model.From == Model.To ? Model.To ?? "" : $"{Model.From ?? "unknown"} \u2192 {Model.To ?? "not reached"}",
            Model.Seconds is { } seconds && Model.Outcome is not null ? Words.Duration(seconds) : "",
            outage is null ? "" : outage.Number("failed") is null or 0 ? "none" : Words.Duration(outage.Number("seconds")),
            Cell.Linked(Model.Result.Text("incident") ?? ""),
        ];
    }
}
