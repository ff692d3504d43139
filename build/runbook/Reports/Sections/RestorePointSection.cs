namespace Runback.Runbook.Reports.Sections;

/// <summary>The backup that a restore leads to, which isn't the one that the run took.</summary>
public sealed class RestorePointSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Restore point";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        if (model.Result.Get("restorePoint") is not { } point || point.Text("file") is not { } file)
            yield break;
        var facts = new List<Fact> { new("File", Cell.Code(file)), new("SHA-256", Cell.Code(point.Text("sha256") ?? "not known")) };
        if (DateTimeOffset.TryParse(point.Text("takenAt"), out var at))
            facts.Add(new("Taken", $"{at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"));
        facts.Add(new("Revisions", point.Texts("revisions") is { Count: > 0 } revisions ? string.Join(", ", revisions) : "not known"));
        if (point.Text("placedBy") is { } run)
            facts.Add(new("Put in the database's place", $"by run {run}; this run didn't restore it again"));
        yield return new FactList(facts);
    }
}
