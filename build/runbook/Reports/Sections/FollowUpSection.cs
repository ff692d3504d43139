using Runback.Runbook.Runs;

namespace Runback.Runbook.Reports.Sections;

/// <summary>What is still to be done, in order.</summary>
public sealed class FollowUpSection : IReportSection
{
    /// <inheritdoc/>
    public string Title => "Follow-up";

    /// <inheritdoc/>
    public IEnumerable<Block> Blocks(ReportModel model)
    {
        if (model.Result.Get("followUp") is { } given)
            return Recorded.Blocks(Title, given);
        var items = Items(model).ToList();
        return items.Count == 0 ? [] : [new ItemList(items)];
    }

    private static IEnumerable<Cell> Items(ReportModel model)
    {
        if (model.IsDryRun || model.Drill is not null || model.Outcome is not (Outcome.Done or Outcome.Returned or Outcome.Failed))
            yield break;
        if (model.Outcome == Outcome.Failed)
            yield return Cell.Ticked("See what runs now: `./build.sh Status`, then `./build.sh Verify`.");
        if (model.Outcome != Outcome.Done || model.From is null || model.From == model.To)
            yield break;
        yield return "Say in the incident's channel that the rollback is over, and what it cost.";
        yield return $"Open a ticket for the forward fix of {model.From}: it must not be deployed again as it is.";
        var revisions = model.Result.Get("database").Texts("after");
        if (revisions.Count > 0 && model.Result.Text("strategy") is (null or "AppOnly" or "Auto"))
            yield return $"The database stays at {Words.List(revisions)}: the fixed release must contain {(revisions.Count == 1 ? "this migration" : "these migrations")}, unchanged.";
        yield return Cell.Ticked($"If {model.From} turns out to have been innocent: `./build.sh Return` leads back to it.");
    }
}
