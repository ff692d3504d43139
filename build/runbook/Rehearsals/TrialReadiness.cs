using Runback.Runbook.Verification;

namespace Runback.Runbook.Rehearsals;

/// <summary>
/// Reads readiness where the workers don't run: a check that is named after a worker says nothing there (trap 14: a rehearsal never starts
/// them), and neither does the status that such a check brings about.
/// </summary>
internal static class TrialReadiness
{
    /// <summary>The failed checks that are excused because they are a worker's.</summary>
    public static IReadOnlyList<string> Excused(Readiness readiness, IEnumerable<string> workers) =>
        [.. readiness.Checks.Where(check => !check.Ok && workers.Any(worker => IsNamedAfter(check.Name, worker))).Select(check => check.Name)];

    /// <summary>Whether the application is ready but for its workers, or unready for the one reason that is expected with a kept schema.</summary>
    /// <param name="readiness">What the ready path answered.</param>
    /// <param name="workers">The services that don't run here.</param>
    /// <param name="revisions">The revisions that the database holds.</param>
    /// <param name="heads">The heads in the release's image.</param>
    public static bool IsReady(
        Readiness readiness, IEnumerable<string> workers, IReadOnlyCollection<string> revisions, IReadOnlyCollection<string> heads)
    {
        var excused = Excused(readiness, workers);
        if (excused.Count == 0)
            return readiness.IsReadyWith(revisions, heads);
        var checks = readiness.Checks.Select(check => excused.Contains(check.Name, StringComparer.Ordinal) ? check with { Ok = true } : check).ToList();
        // With every other check passed, the excused one alone made the status.
        var probe = checks.All(check => check.Ok) && readiness.Probe.Status == 503 ? readiness.Probe with { Status = 200 } : readiness.Probe;
        return (readiness with { Checks = checks, Probe = probe }).IsReadyWith(revisions, heads);
    }

    private static bool IsNamedAfter(string check, string worker) =>
        string.Equals(check, worker, StringComparison.OrdinalIgnoreCase)
        || (check.Length > worker.Length && check.StartsWith(worker, StringComparison.OrdinalIgnoreCase) && check[worker.Length] is '_' or '-' or '.' or ':');
}
