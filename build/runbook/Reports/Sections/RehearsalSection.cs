using System.Text.Json.Nodes;

namespace Runback.Runbook.Reports.Sections;

/// <summary>What the rehearsal on a copy of the database showed.</summary>
public sealed class RehearsalSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Rehearsal";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        if (model.Result.Get("rehearsal") is not { } rehearsal)
            yield break;
        var facts = new List<Fact>();
        Trial(facts, "Target release over the schema as it is", rehearsal.Get("keptSchema"), "passed");
        if (rehearsal.Get("downgrade") is { } downgrade)
            Trial(facts, "Downgrade", downgrade, "succeeded");
        else if (rehearsal.Text("noDowngrade") is { } why)
            facts.Add(new("Downgrade", Cell.Of(Tone.Caution, $"not tried: {why}")));
        Trial(facts, "Target release over the downgraded schema", rehearsal.Get("downgradedSchema"), "passed");
        Trial(facts, rehearsal.Flag("fromEmpty") == true ? "Upgrade, from an empty database" : "Upgrade again", rehearsal.Get("upgrade"), "succeeded");
        if (rehearsal.Text("observed") is { } observed)
            facts.Add(new("Observed verdict", Cell.Of(MigrationsSection.ToneOf(observed), observed)));
        if (rehearsal.Number("seconds") is { } seconds)
            facts.Add(new("Took", Words.Duration(seconds)));
        if (facts.Count > 0)
            yield return new FactList(facts);
        var findings = rehearsal.Items("observedReasons").Select(reason => $"{reason.Text("severity")}: {reason.Text("subject")}: {reason.Text("detail")}")
            .Concat(rehearsal.Texts("roundTripDifferences").Select(difference => $"down and up again isn't as before: {difference}"))
            .Concat(rehearsal.Texts("ruleFaults").Select(fault => $"reading and running differ: {fault}")).ToList();
        if (findings.Count > 0)
            yield return new ItemList([.. findings.Select(finding => (Cell)finding)]);
        foreach (var (name, caption) in ((string, string)[])[("keptSchema", "Checks over the schema as it is"), ("downgradedSchema", "Checks over the downgraded schema")])
        {
            if (ChecksSection.Table(caption, rehearsal.Get(name).Items("checks")) is { } table)
                yield return new Folded(caption, [table, .. Log(rehearsal.Get(name))]);
        }
        if (rehearsal.Items("stages") is { Count: > 0 } stages)
        {
            yield return new Folded("How long each part took", [new Table("Parts of the rehearsal", ["Part", new("Took", IsNumber: true)],
                [.. stages.Select(stage => (IReadOnlyList<Cell>)[stage.Text("name") ?? "", Words.Duration(stage.Number("seconds"))])])]);
        }
    }

    private static void Trial(List<Fact> facts, string name, JsonNode? trial, string flag)
    {
        if (trial is null)
            return;
        var well = trial.Flag(flag) == true;
        var took = trial.Number("seconds") is { } seconds ? $" ({Words.Duration(seconds)})" : "";
        facts.Add(new(name, Cell.Of(well ? Tone.Good : Tone.Bad, (well ? "works" : $"fails{(trial.Text("failure") is { } failure ? $": {failure}" : "")}") + took)));
    }

    private static IEnumerable<Block> Log(JsonNode? trial) =>
        trial.Texts("log") is { Count: > 0 } log ? [new Paragraph(Cell.Code(string.Join('\n', log)))] : [];
}
