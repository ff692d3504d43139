namespace Runback.Runbook.Reports.Sections;

/// <summary>What had to hold before anything was changed.</summary>
public sealed class GatesSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Gates";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        var gates = model.Journal.Entries.Where(entry => entry.Event == "gate").Select(entry => entry.Facts).ToList();
        if (gates.Count > 0)
        {
            yield return new Table("Gates before the first change", ["Gate", "Result", "Found"],
                [.. gates.Select(gate => (IReadOnlyList<Cell>)
                [
                    gate.Text("gate") ?? "",
                    gate.Flag("passed") == true ? Cell.Of(Tone.Good, "ok") : Cell.Of(Tone.Bad, "refused"),
                    Cell.Ticked(gate.Text("found") + (gate.Text("hint") is { } hint ? $" (hint: {hint})" : "")),
                ])]);
        }
        foreach (var judgement in model.Journal.Entries.Where(entry => entry.Event == "judgement").Select(entry => entry.Facts))
        {
            yield return new Paragraph($"After the change: before it the service was {judgement.Text("before")}, after it {judgement.Text("after")}"
                + $"{(judgement.Flag("mixed") == true ? ", on several releases" : "")}. Judgement: {judgement.Text("judgement")}.");
        }
    }
}
