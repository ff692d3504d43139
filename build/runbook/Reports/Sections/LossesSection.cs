namespace Runback.Runbook.Reports.Sections;

/// <summary>What was lost, or what a downgrade would have destroyed.</summary>
public sealed class LossesSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Losses";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        var lost = DataLost.Measured(model);
        if (lost.Count > 0)
        {
            yield return new Paragraph("Lost:");
            yield return new ItemList([.. lost.Select(loss => Cell.Of(Tone.Bad, loss))]);
        }
        else if (model.Result.Get("rehearsal").Items("losses") is { Count: > 0 } losses)
        {
            yield return new Paragraph("Nothing was lost. A downgrade, which wasn't done, would destroy:");
            yield return new ItemList([.. losses.Select(loss => (Cell)DataLost.Loss(loss))]);
        }
    }
}
