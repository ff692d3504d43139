using Runback.Runbook.Runs;

namespace Runback.Runbook.Reports.Sections;

/// <summary>The first screen: why it ended so, what to do next, and what a reader asks first.</summary>
public sealed class SummarySection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Summary";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        foreach (var remark in model.Remarks)
            yield return new Paragraph(Cell.Of(Tone.Caution, remark));
        if (model.Result.Text("summary") is { Length: > 0 } summary)
            yield return new Paragraph(Cell.Ticked(summary));
        var facts = new List<Fact>
        {
            new("Releases", Releases(model)),
            new("Duration", Words.Duration(model.Drill.Number("rollbackSeconds") ?? model.Seconds) + (model.Drill is null || model.Seconds is null ? "" : $" of {Words.Duration(model.Seconds)} in all")),
            new("Outage", Outage(model)),
            new("Data lost", DataLost.Line(model)),
        };
        if (Database(model) is { } database)
            facts.Add(new("Database revision", database));
        if (model.Result.Text("incident") is { Length: > 0 } incident)
            facts.Add(new("Incident", Cell.Linked(incident)));
        yield return new FactList([.. facts, new("What to do next", Next(model))], IsKey: true);
    }

    /// <summary>The first thing to do.</summary>
    public static Cell Next(ReportModel model) => model.Result.Text("hint") is { Length: > 0 } hint ? Cell.Ticked(hint) : model.Outcome switch
    {
        Outcome.Done when model.Drill is not null => "Nothing: it was a drill, and it went well.",
        Outcome.Done when model.IsDryRun => "Run the same command without --dry-run.",
        Outcome.Done when model.From is not null && model.From != model.To => $"Say in the incident's channel that it is over, and open the ticket for the fix of {model.From}.",
        Outcome.Done => "Nothing.",
        Outcome.Refused or Outcome.Usage or Outcome.Locked => "Mend what was refused, and run the same command again.",
        Outcome.Returned => "Read what failed below, mend it, and run the same command again.",
        Outcome.Failed => "Look at the failed step and check below; every command that ran is listed and can be pasted.",
        null => Cell.Ticked("See whether it still runs: `./build.sh Status`. If not, the same command finishes it."),
        _ => "Run the same command again.",
    };

    /// <summary>What clients noticed.</summary>
    public static Cell Outage(ReportModel model)
    {
        if (model.Drill.Get("traffic") is { } traffic && traffic.Number("requests") is { } sent)
        {
            var failed = traffic.Number("failed") ?? 0;
            return failed == 0 ? Cell.Of(Tone.Good, $"none: {sent:N0} requests, all served")
                : $"{Words.Duration(traffic.Number("outageSeconds"))}, {failed:N0} of {sent:N0} requests failed{(traffic.Flag("recovered") == false ? "; not served again" : "")}";
        }
        if (model.Result.Get("outage") is { } outage)
        {
            var probes = outage.Number("requests") ?? 0;
            return outage.Number("failed") is null or 0 ? Cell.Of(Tone.Good, $"none: {probes:N0} probes, all served")
                : $"{Words.Duration(outage.Number("seconds"))}, {outage.Number("failed"):N0} of {probes:N0} probes failed";
        }
        return model.HasChanged ? "not measured" : "none: nothing was exchanged";
    }

    /// <summary>The database's revisions, or null when nothing is known of them.</summary>
    public static Cell? Database(ReportModel model)
    {
        if (model.Result.Get("database") is not { } database)
            return null;
        var (before, after) = (Revisions("before"), Revisions("after"));
        return before == after ? $"{before}, unchanged" : $"{before} \u2192 {after}";

        string Revisions(string when) => database.Get(when) is null ? "unknown" : Words.List(database.Texts(when));
    }

    private static Cell Releases(ReportModel model) => (model.From, model.To) switch
    {
        (null, null) => "not known",
        (var from, null) => $"{from} runs",
        (null, var to) => to,
        var (from, to) when from == to => $"{to}, unchanged",
        var (from, to) => $"{from} \u2192 {to}",
    };
}
