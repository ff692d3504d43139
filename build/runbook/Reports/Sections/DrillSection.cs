using System.Text.Json.Nodes;

namespace Runback.Runbook.Reports.Sections;

/// <summary>What a drill measured.</summary>
public sealed class DrillSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Drill";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        if (model.Drill is not { } drill)
            yield break;
        var facts = new List<Fact> { new("Rollback", Words.Duration(drill.Number("rollbackSeconds"))), new("Whole drill", Words.Duration(drill.Number("totalSeconds"))) };
        if (drill.Get("traffic") is { } traffic)
        {
            facts.Add(new("Outage", SummarySection.Outage(model)));
            facts.Add(new("Requests", $"{traffic.Number("requests"):N0} in {Words.Duration(traffic.Number("seconds"))}{(traffic.Number("leftOut") > 0 ? $", {traffic.Number("leftOut"):N0} left out" : "")}"));
            facts.Add(new("Answers", $"median {traffic.Number("medianMilliseconds"):0} ms, slowest {traffic.Number("slowestMilliseconds"):0} ms"));
            facts.Add(new("Errors", $"{traffic.Number("errorsBefore"):N0} before the cutover, {traffic.Number("errorsAfter"):N0} after it"));
        }
        if (drill.Get("source") is { } source)
            facts.Add(new("Backup that it began with", $"{Path.GetFileName(source.Text("file"))}, {Words.Duration(source.Number("ageSeconds"))} old"));
        if (drill.Text("beside") is { } copy)
            facts.Add(new("Held on", $"{copy}, a copy that was only read, and is removed"));
        else
            facts.Add(new("Acknowledged writes", Writes(drill.Get("writes"))));
        if (drill.Get("untouched") is { } untouched)
        {
            facts.Add(new("The deployment itself", untouched.GetValue<bool>()
                ? Cell.Of(Tone.Good, "untouched: the same containers, images, files and database revision before and after")
                : Cell.Of(Tone.Bad, string.Join("; ", drill.Items("differences")))));
        }
        if (drill.Get("objectives") is JsonObject objectives)
            facts.AddRange(objectives.Select(pair => new Fact($"Objective: {Recorded.Title(pair.Key)}", Recorded.Line(pair.Value))));
        if (drill.Items("missed") is { Count: > 0 } missed)
            facts.AddRange(missed.Select(miss => new Fact("Missed", Cell.Of(Tone.Bad, $"{miss}"))));
        yield return new FactList(facts);
        var changed = drill.Items("rows").Where(row => row.Number("before") != row.Number("after")).ToList();
        var same = drill.Items("rows").Count - changed.Count;
        if (changed.Count > 0)
        {
            yield return new Table($"Rows before and after; {Words.Count(same, "table")} unchanged", ["Table", new("Before", IsNumber: true), new("After", IsNumber: true)],
                [.. changed.Select(row => (IReadOnlyList<Cell>)[row.Text("table") ?? "", Rows(row.Number("before")), Rows(row.Number("after"))])]);
        }
    }

    private static Cell Writes(JsonNode? writes)
    {
        if (writes is null)
            return Cell.Of(Tone.Caution, "not compared with the database");
        var lost = writes.Items("lost").Count;
        var text = $"{writes.Number("acknowledged"):N0}, {lost} lost{(writes.Number("unconfirmed") > 0 ? $"; {writes.Number("unconfirmed"):N0} stored that were never confirmed" : "")}";
        return Cell.Of(lost == 0 ? Tone.Good : Tone.Bad, text);
    }

    private static Cell Rows(double? rows) => rows is null ? "none" : $"{rows:N0}";
}
