namespace Runback.Runbook.Reports.Sections;

/// <summary>A property of the result under a title of its own, in the shape in which it was recorded.</summary>
/// <param name="title">The section's title.</param>
/// <param name="property">The property's name in <c>result.json</c>.</param>
public sealed class RecordedSection(string title, string property) : IReportSection
{
    /// <inheritdoc/>
    public string Title => title;

    /// <summary>The property's name.</summary>
    public string Property => property;

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model) => Recorded.Blocks(title, model.Result.Get(property));
}
