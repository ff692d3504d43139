using System.Text.Json.Nodes;

namespace Runback.Runbook.Reports.Sections;

/// <summary>What the verification looked at.</summary>
public sealed class ChecksSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Verification";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        if (Table("Checks of what runs now", model.Result.Items("checks")) is { } table)
            yield return table;
    }

    /// <summary>Checks as a table, or null when there are none.</summary>
    public static Table? Table(string caption, IReadOnlyList<JsonNode> checks) => checks.Count == 0 ? null
        : new Table(caption, ["Check", "Result", "Expected", "Found"], [.. checks.Select(Row)]);

    private static IReadOnlyList<Cell> Row(JsonNode check)
    {
        var passed = check.Flag("passed") == true;
        var hint = passed ? null : check.Text("hint");
        return
        [
            check.Text("name") ?? "",
            passed ? Cell.Of(Tone.Good, "ok") : Cell.Of(Tone.Bad, "failed"),
            check.Text("expected") ?? "",
            Cell.Ticked(check.Text("found") + (hint is null ? "" : $" (hint: {hint})")),
        ];
    }
}
