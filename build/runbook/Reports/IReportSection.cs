namespace Runback.Runbook.Reports;

/// <summary>A part of a report under a title of its own.</summary>
public interface IReportSection
{
    /// <summary>The section's title.</summary>
    string Title { get; }

    /// <summary>What it says; nothing when there is nothing to say, and then it is left out.</summary>
    IEnumerable<Block> Blocks(ReportModel model);
}
