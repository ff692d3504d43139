using Runback.Runbook.Runs;

namespace Runback.Runbook.Status;

/// <summary>What a person can sensibly do now, each with its command: for whoever starts the program without saying what for.</summary>
public static class Offers
{
    /// <summary>The lines.</summary>
    /// <param name="status">The deployment as it is.</param>
    /// <param name="call">How the program is called for it: <c>./build.sh --profile production</c>.</param>
    /// <param name="hasRun">Whether there is a run to report of.</param>
    public static IEnumerable<string> Lines(DeploymentStatus status, string call, bool hasRun)
    {
        var offers = Of(status, hasRun).ToList();
        var width = offers.Max(offer => offer.Command.Length);
        yield return "";
        yield return "What you can do now:";
        foreach (var (command, what) in offers)
            yield return Narration.Printable($"  {call} {command.PadRight(width)}  {what}").ReplaceLineEndings(" ");
    }

    private static IEnumerable<(string Command, string What)> Of(DeploymentStatus status, bool hasRun)
    {
        // Whoever holds it is at work: what would change something waits for its end.
        var wait = status.Holder is null ? "" : " --wait 10m";
        if (status.UnfinishedRuns.Count > 0)
            yield return ($"Return{wait}", "goes back to where the unfinished run began; its own command, once more, finishes it");
        if (status.RollbackTarget is { } target && (target.OnHost || target.Registry == "Pullable"))
        {
            yield return ("Rollback --tag previous --dry-run", $"reads everything for a rollback to {target.Tag}, and changes nothing");
            yield return ($"Rollback --tag previous{wait}", $"rolls back to {target.Tag}");
        }
        else
        {
            yield return ("Releases", "lists the releases that a rollback could go to");
            yield return ("Rollback --tag TAG --dry-run", "reads everything for a rollback to one of them, and changes nothing");
        }
        yield return ("Verify", "checks what runs");
        yield return hasRun ? ("Report --open", "shows what the last run did") : ("Checklist", "answers the checklist before a rollback");
        yield return ("--help", "everything else");
    }
}
