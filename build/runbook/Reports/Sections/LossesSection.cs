using Runback.Runbook.Runs;

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
            foreach (var block in WayBack(model))
                yield return block;
        }
        else if (model.Result.Get("rehearsal").Items("losses") is { Count: > 0 } losses)
        {
            yield return new Paragraph("Nothing was lost. A downgrade, which wasn't done, would destroy:");
            yield return new ItemList([.. losses.Select(loss => (Cell)DataLost.Loss(loss))]);
        }
    }

    // The rows are still in the database that was put aside.
    private static IEnumerable<Block> WayBack(ReportModel model)
    {
        var commands = DataLost.Losing(model).SelectMany(table => ((string, string?)[])[("take", table.Text("takeCommand")), ("bring over", table.Text("bringCommand"))],
            (table, command) => (Name: $"{table.Text("name")}: {command.Item1}", Command: command.Item2)).Where(row => row.Command is not null).ToList();
        if (model.Outcome == Outcome.Returned || commands.Count == 0)
            yield break;
        yield return new Paragraph("These rows are still in the database that was put aside. To bring them over:");
        yield return new FactList([.. commands.Select(row => new Fact(row.Name, Cell.Code(row.Command!)))]);
    }
}
