namespace Runback.Runbook.Runs;

/// <summary>The last line that a person reads, and the first of the report: how it ended, and what production is on now.</summary>
public static class Headline
{
    /// <summary>The line, and the hint beneath it where there is one.</summary>
    public static string Of(RunResult result) => Narration.Printable(Line(result) + (result.Hint is null || result.Outcome == Outcome.Done ? "" : $"\nhint: {result.Hint}")
        + (result.Report is null ? "" : $"\nreport: {result.Report}"));

    private static string Line(RunResult result) => result.Outcome switch
    {
        Outcome.Done when result.DryRun => $"{result.Target}: dry run, nothing was changed",
        Outcome.Done => $"{result.Target}: done{Releases(result)}",
        Outcome.Refused => $"{result.Target}: refused, nothing was changed: {result.Summary}",
        Outcome.Usage => $"{result.Target}: can't be run like this, nothing was changed: {result.Summary}",
        Outcome.Locked => $"{result.Target}: nothing was changed: {result.Summary}",
        Outcome.Returned => $"{result.Target}: failed, and {result.From?.Tag} runs again as it was found: {result.Summary}",
        Outcome.Failed => $"{result.Target}: FAILED, a person must look: {result.Summary}",
        _ => $"{result.Target}: error: {result.Summary}",
    };

    // What runs is said only of what was exchanged or found so, and "verified" only of what was.
    private static string Releases(RunResult result) => (result.From?.Tag, result.To?.Tag) switch
    {
        (_, null) => "",
        var (from, to) when from == to => $", {to} runs",
        var (from, to) when !result.Exchanged && result.Found == to => Runs(from, to, result),
        var (from, _) when !result.Exchanged => $", nothing was exchanged: {from ?? "what ran"} runs",
        var (from, to) => Runs(from, to, result),
    };

    private static string Runs(string? from, string to, RunResult result) =>
        $", {to} runs (before: {from ?? "unknown"}){(result.Verified ? "" : "; it is not verified yet: ./build.sh Verify")}";
}
