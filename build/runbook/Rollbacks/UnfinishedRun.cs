using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>
/// Runs that began to change the deployment and were killed, as long as no later run has brought it to an end; and those of which nobody can tell.
/// </summary>
public static class UnfinishedRun
{
    /// <summary>Their ids, newest first.</summary>
    /// <param name="statePath">The deployment's state folder.</param>
    public static IReadOnlyList<string> List(string statePath) => [.. Records(statePath).Select(run => run.Id)];

    /// <summary>What their journals say, newest first.</summary>
    /// <param name="statePath">The deployment's state folder.</param>
    public static IReadOnlyList<RunRecord> Records(string statePath) => Of(RunHistory.List(statePath));

    /// <summary>Those of a history.</summary>
    /// <param name="history">The deployment's runs, newest first.</param>
    public static IReadOnlyList<RunRecord> Of(IReadOnlyList<RunRecord> history) => [.. history.TakeWhile(run => !run.IsSettled).Where(run => run.IsUnfinished)];
}
