namespace Runback.Runbook.Rollbacks;

/// <summary>Runs that began to change the deployment and were killed, as long as no later run has brought it to an end.</summary>
public static class UnfinishedRun
{
    private enum Ending
    {
        ChangedNothing,
        Killed,
        Settled,
    }

    /// <summary>Their ids, newest first.</summary>
    /// <param name="statePath">The deployment's state folder.</param>
    public static IReadOnlyList<string> List(string statePath)
    {
        var runs = Path.Combine(statePath, "runs");
        return !Directory.Exists(runs) ? []
            : [.. Directory.EnumerateDirectories(runs)
                .OrderDescending(StringComparer.Ordinal)
                .Select(folder => (Id: Path.GetFileName(folder), Ending: EndingOf(Path.Combine(folder, "journal.jsonl"))))
                .TakeWhile(run => run.Ending != Ending.Settled)
                .Where(run => run.Ending == Ending.Killed)
                .Select(run => run.Id)];
    }

    private static Ending EndingOf(string journal)
    {
        if (!File.Exists(journal))
            return Ending.ChangedNothing;
        var (changed, ended) = (false, false);
        using var reader = new StreamReader(new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            changed |= line.Contains("\"event\":\"changing\"", StringComparison.Ordinal);
            // A drill's copy was changed, not the deployment.
            if (line.Contains(ReturnPoint.BesideMark, StringComparison.Ordinal))
                return Ending.ChangedNothing;
            ended |= line.Contains("\"event\":\"end\"", StringComparison.Ordinal);
        }
        return !changed ? Ending.ChangedNothing : ended ? Ending.Settled : Ending.Killed;
    }
}
