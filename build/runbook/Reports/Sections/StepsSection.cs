using Runback.Runbook.Reports.Journals;

namespace Runback.Runbook.Reports.Sections;

/// <summary>The steps, with when they began and how they ended.</summary>
public sealed class StepsSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Steps";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        var spans = model.Steps.ToList();
        var rows = model.Result.Items("steps").Select(step => Row(
            step.Text("name") ?? "", step.Text("outcome") ?? "", step.Number("seconds"), step.Text("detail"), Taken(spans, step.Text("name")))).ToList();
        // What is left of the journal's steps began and has no result: the run was ended in it.
        rows.AddRange(spans.Select(span => Row(span.Name, span.Outcome ?? "no end", span.Seconds, null, span)));
        if (rows.Count > 0)
            yield return new Table("Steps, in the order in which they ended", ["Step", "Outcome", new("Began", IsNumber: true), new("Took", IsNumber: true), "Detail"], rows);
    }

    private static IReadOnlyList<Cell> Row(string name, string outcome, double? seconds, string? detail, StepSpan? span) =>
    [
        name,
        Cell.Of(outcome switch { "Done" => Tone.Good, "Skipped" => Tone.Quiet, "Failed" => Tone.Bad, _ => Tone.Caution }, outcome),
        span is null ? "" : Words.Clock(span.From),
        seconds is null ? "" : Words.Duration(seconds),
        Cell.Ticked(detail),
    ];

    private static StepSpan? Taken(List<StepSpan> spans, string? name)
    {
        var index = spans.FindIndex(span => span.Name == name);
        if (index < 0)
            return null;
        var span = spans[index];
        spans.RemoveAt(index);
        return span;
    }
}
