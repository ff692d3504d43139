namespace Runback.Runbook.Rollbacks;

/// <summary>Runs whose journal begins a cutover and has no end: they were killed.</summary>
public static class UnfinishedRun
{
    /// <summary>Their ids, newest first.</summary>
    public static IReadOnlyList<string> List(string statePath)
    {
        var runs = Path.Combine(statePath, "runs");
        return !Directory.Exists(runs) ? []
            : [.. Directory.EnumerateDirectories(runs)
                .Where(folder => IsUnfinished(Path.Combine(folder, "journal.jsonl")))
                .Select(folder => Path.GetFileName(folder))
                .OrderDescending(StringComparer.Ordinal)
                .Take(5)];
    }

    private static bool IsUnfinished(string journal)
    {
        if (!File.Exists(journal))
            return false;
        var (cutover, ended) = (false, false);
        using var reader = new StreamReader(new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            cutover |= line.Contains("\"event\":\"cutover\"", StringComparison.Ordinal);
            ended |= line.Contains("\"event\":\"end\"", StringComparison.Ordinal);
        }
        return cutover && !ended;
    }
}
