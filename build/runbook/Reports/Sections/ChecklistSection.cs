using System.Text.Json.Nodes;

namespace Runback.Runbook.Reports.Sections;

/// <summary>The runbook's checklist, each line with its answer and by what it is answered.</summary>
public sealed class ChecklistSection : IReportSection
{
    /// <summary>The property's name in <c>result.json</c>.</summary>
    public const string Property = "checklist";

    /// <inheritdoc/>
    public string Title => "Checklist";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        var checklist = model.Result.Get(Property);
        // One of another shape is shown as it was recorded.
        return checklist.Items("lines") is { Count: > 0 } lines && lines.All(line => line.Text("title") is not null)
            ? [new Table("The runbook's checklist", ["Line", "Answer", "By what"], [.. lines.Select(Row)])]
            : Recorded.Blocks(Title, checklist);
    }

    private static IReadOnlyList<Cell> Row(JsonNode line)
    {
        var state = line.Text("state");
        var required = line.Flag("required") == true;
        var hint = state == "Answered" ? null : line.Text("hint");
        var evidence = string.Join(" ", new[] { line.Text("evidence"), line.Text("link") is { } link ? $"({link})" : null, hint is null ? null : $"(hint: {hint})" }.Where(part => !string.IsNullOrEmpty(part)));
        return
        [
            line.Text("title")!,
            state switch
            {
                "Answered" => Cell.Of(Tone.Good, "yes"),
                "Failed" => Cell.Of(Tone.Bad, "failed"),
                _ => required ? Cell.Of(Tone.Bad, "missing, required") : Cell.Of(Tone.Caution, "missing"),
            },
            Cell.Ticked(evidence),
        ];
    }
}
