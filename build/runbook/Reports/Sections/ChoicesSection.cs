using System.Text.Json.Nodes;

namespace Runback.Runbook.Reports.Sections;

/// <summary>The ways out that a person could choose from, with what each costs.</summary>
public sealed class ChoicesSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Choices";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        if (model.Result.Items("choices") is not { Count: > 0 } choices)
            yield break;
        yield return new Table("Ways out", ["Strategy", "Can be taken", "Clients notice", "Would be lost", "What it does"], [.. choices.Select(Row)]);
        var commands = choices.Where(choice => choice.Text("command") is not null).ToList();
        if (commands.Count > 0)
            yield return new FactList([.. commands.Select(choice => new Fact(choice.Text("strategy") ?? "", Cell.Code(choice.Text("command")!)))]);
    }

    private static IReadOnlyList<Cell> Row(JsonNode choice) =>
    [
        choice.Text("strategy") ?? "",
        choice.Flag("isOpen") == true ? Cell.Of(Tone.Good, "yes") : Cell.Of(Tone.Bad, $"no: {choice.Text("whyNot") ?? "not said why"}"),
        Words.Duration(choice.Number("downtimeSeconds")),
        choice.Text("loss") ?? "not measured",
        Cell.Ticked(choice.Text("meaning")),
    ];
}
