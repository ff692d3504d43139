namespace Runback.Runbook.Reports.Sections;

/// <summary>What the result holds that no section of this version knows: a newer version's run shows all it has.</summary>
public sealed class OthersSection : IReportSection
{
    private static readonly HashSet<string> Known = new(
    [
        "run", "target", "outcome", "exitCode", "summary", "hint", "dryRun", "strategy", "incident", "reason", "from", "to", "database", "rehearsal", "choices",
        "assessment", "losses", "rowsSince", "logChanges", "backup", "steps", "checks", "outage", "kept", "startedAt", "endedAt", "report", "approvedBy", "version", ChecklistSection.Property,
    ], StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Title => "Also recorded";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        var shown = ReportSections.All.OfType<RecordedSection>().Select(section => section.Property).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in model.Result)
        {
            if (Known.Contains(name) || shown.Contains(name) || Recorded.Blocks(Recorded.Title(name), value).ToList() is not { Count: > 0 } blocks)
                continue;
            yield return new Folded(Recorded.Title(name), blocks);
        }
    }
}
