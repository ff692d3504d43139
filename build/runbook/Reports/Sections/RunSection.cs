namespace Runback.Runbook.Reports.Sections;

/// <summary>Who ran what, when, why, and on which images.</summary>
public sealed class RunSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "This run";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        var facts = new List<Fact>();
        Add(facts, "Run", model.Run);
        Add(facts, "Exit code", model.Result.Text("exitCode"));
        Add(facts, "Reason", model.Result.Text("reason"));
        Add(facts, "Approved by", model.Result.Text("approvedBy"));
        Add(facts, "Strategy", model.Result.Text("strategy"));
        Add(facts, "Started by", model.Begin?.Facts is { } begin ? $"{begin.Text("user")} on {begin.Text("host")}" : null);
        Add(facts, "Began", model.StartedAt is { } from ? Words.Moment(from) : null);
        Add(facts, "Ended", model.EndedAt is { } to && model.Outcome is not null ? Words.Moment(to) : null);
        foreach (var side in (string[])["from", "to"])
        {
            if (model.Result.Get(side).Get("digests") is System.Text.Json.Nodes.JsonObject digests)
            {
                foreach (var (service, digest) in digests)
                    facts.Add(new($"{(side == "from" ? "Before" : "Now")}: {service}", Cell.Code(digest.Text() ?? "")));
            }
        }
        yield return new FactList(facts);
    }

    private static void Add(List<Fact> facts, string name, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
            facts.Add(new(name, value));
    }
}
