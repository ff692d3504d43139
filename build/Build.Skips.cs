using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;

// What can't be left out: found before anything runs, and not when a dump is taken or the workers are stopped.
internal sealed partial class Build
{
    private const string SomethingToDo = "something is to be rolled back";

    // Without the part that the strategy is about, the application would come onto a database that isn't meant for it.
    private bool HasDatabasePart => AskedFor switch
    {
        Strategy.Downgrade => HasAll(nameof(Rehearse), nameof(DowngradeDatabase)),
        Strategy.Restore => HasAll(nameof(Rehearse), nameof(RestoreDatabase)),
        Strategy.ForwardFix => HasAll(nameof(ForwardFix)),
        Strategy.AppOnly => true,
        _ => HasAll(nameof(Rehearse)),
    };

    private bool HasAll(params string[] needed)
    {
        var missing = SkippedTargets.Where(target => needed.Contains(target.Name)).Select(target => target.Name).ToList();
        return missing.Count == 0 ? true
            : throw RunbookException.Usage($"expected {string.Join(" and ", missing)} in this run, found --skip {string.Join(" ", missing)}", Instead(missing[0]));
    }

    private static string Instead(string target) => target switch
    {
        nameof(Preflight) => "it finds the release, takes the lock and judges the gates: nothing is changed without it",
        nameof(Rehearse) => "what calls for a rehearsal isn't done without one; --strategy AppOnly keeps the database as it is, without a rehearsal",
        nameof(Verify) => "a rollback is done when it is verified, and not before",
        nameof(ReturnIfWorse) => "it starts again what a failed run has stopped; with --on-failure Stop it goes back to no other release",
        nameof(RollbackApp) => "what comes before it is undone by nothing else",
        _ => "that is what --strategy asks for",
    };
}
