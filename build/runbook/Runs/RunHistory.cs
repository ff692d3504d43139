namespace Runback.Runbook.Runs;

/// <summary>The runs that a deployment's state folder holds.</summary>
public static class RunHistory
{
    /// <summary>
    /// All of them, the one that changed the deployment last first. Clocks don't decide: a run that changes something takes the next turn, which its
    /// journal holds. A run without one stands where its time puts it.
    /// </summary>
    /// <param name="statePath">The deployment's state folder.</param>
    public static IReadOnlyList<RunRecord> List(string statePath)
    {
        var runs = Path.Combine(statePath, "runs");
        try
        {
            return !Directory.Exists(runs) ? [] : Ordered([.. Directory.EnumerateDirectories(runs).Select(RunRecord.Read)]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw RunbookException.Refused($"expected to be able to read the runs in {runs}, found: {exception.Message}", "run as the owner of the deployment's .runback folder, or make it readable");
        }
    }

    /// <summary>The turn of a run that comes after all these.</summary>
    public static int NextTurn(IEnumerable<RunRecord> runs) => runs.Select(run => run.Turn ?? 0).DefaultIfEmpty().Max() + 1;

    private static IReadOnlyList<RunRecord> Ordered(IReadOnlyList<RunRecord> runs)
    {
        var taken = runs.Where(run => run.Turn is not null).ToList();
        return [.. runs.OrderByDescending(Place).ThenByDescending(Time).ThenByDescending(run => run.Id, StringComparer.Ordinal)];

        // Without a turn of its own: just after the last one that was taken by then.
        double Place(RunRecord run) => run.Turn ?? taken.Where(other => Time(other) <= Time(run)).Select(other => other.Turn!.Value).DefaultIfEmpty().Max() + 0.5;
    }

    private static DateTimeOffset Time(RunRecord run) => run.ChangedAt ?? RunRecord.TimeOf(run.Id);
}
