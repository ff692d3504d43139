namespace Runback.Runbook.Runs;

/// <summary>The runs that a deployment's state folder holds.</summary>
public static class RunHistory
{
    /// <summary>
    /// All of them, the one that changed the deployment last first. A run that waited for its turn is older by its id than those that it waited for, so
    /// the moment counts in which it began to change something.
    /// </summary>
    /// <param name="statePath">The deployment's state folder.</param>
    public static IReadOnlyList<RunRecord> List(string statePath)
    {
        var runs = Path.Combine(statePath, "runs");
        try
        {
            return !Directory.Exists(runs) ? []
                : [.. Directory.EnumerateDirectories(runs)
                    .Select(RunRecord.Read)
                    .OrderByDescending(run => run.ChangedAt ?? RunRecord.TimeOf(run.Id))
                    .ThenByDescending(run => run.Id, StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RunbookException.Refused($"expected to be able to read the runs in {runs}, found: {exception.Message}", "run as the owner of the deployment's .runback folder, or make it readable");
        }
    }
}
