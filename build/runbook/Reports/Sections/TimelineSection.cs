using Runback.Runbook.Reports.Drawings;

namespace Runback.Runbook.Reports.Sections;

/// <summary>When what happened, drawn to scale.</summary>
public sealed class TimelineSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Timeline";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        var drawing = TimelineDrawing.Of(model);
        if (drawing.Steps.Count == 0 && drawing.Commands.Count == 0 || model.StartedAt is not { } from || model.EndedAt is not { } to || to <= from)
            yield break;
        // Most of a drill is its preparation. Its rollback is where there was traffic.
        if (model.Traffic.Count > 0 && model.Traffic[0].At is var first && first > from && first < to)
        {
            yield return drawing.Draw("The rollback, under traffic", first, to);
            yield return new Folded("The whole run", [drawing.Draw("The whole run", from, to)]);
        }
        else
        {
            yield return drawing.Draw("The run, step by step", from, to);
        }
    }
}
