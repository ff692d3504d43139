using System.Text.RegularExpressions;
using Runback.Runbook.Rehearsals.Observation;

namespace Runback.Runbook.Rehearsals;

/// <summary>What a person reads of a rehearsal: short, the answer first.</summary>
public static partial class RehearsalText
{
    private const int LogLines = 6;
    private const int ErrorLines = 2;

    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(RehearsalResult result)
    {
        foreach (var line in Trial("the target release over the schema as it is", result.KeptSchema))
            yield return line;
        if (result.Downgrade is { } downgrade)
            yield return Migration("the downgrade", downgrade);
        else
            yield return $"no downgrade was tried: {result.NoDowngrade ?? "there is none"}";
        if (result.DowngradedSchema is { } trial)
        {
            foreach (var line in Trial("the target release over the downgraded schema", trial))
                yield return line;
        }
        foreach (var loss in result.Losses)
            yield return "  the downgrade destroys " + Loss(loss);
        if (result.Upgrade is { } upgrade)
            yield return Migration(result.FromEmpty ? "the upgrade, from an empty database" : "the upgrade again", upgrade);
        foreach (var difference in result.RoundTripDifferences)
            yield return "  down and up again isn't as before: " + difference;
        if (result.Upgrade is null)
            yield break;
        yield return $"observed: {result.Observed}";
        foreach (var reason in result.ObservedReasons)
            yield return $"  {reason.Severity}: {reason.Subject}: {reason.Detail}";
        foreach (var fault in result.RuleFaults)
            yield return "  a rule is at fault: " + fault;
    }

    /// <summary>A loss in words.</summary>
    public static string Loss(LostData loss)
    {
        var since = loss.SinceBad is { } written ? $", {Number(written)} of them since the release went live ({loss.SinceColumn})" : "";
        var rows = loss.Rows is { } count ? Number(count) : "an unknown number of";
        return loss.Kind switch
        {
            LossKind.LargeObjects => $"{rows} large objects of {loss.Subject}",
            LossKind.ForeignRows => $"{rows} rows of the foreign table {loss.Subject}",
            LossKind.Table => $"the table {loss.Subject} with {rows} rows{since}",
            LossKind.Column => $"the column {loss.Subject} with {(loss.NonNull is { } values ? Number(values) : "an unknown number of")} values in {rows} rows{since}",
            LossKind.RowsDeleted => $"{rows} rows of {loss.Subject}{since}",
            _ => $"what {rows} rows of {loss.Subject} held{since}",
        } + (loss.NotKept is { } why ? $", NOT KEPT in a dump before it: {why}" : "");
    }

    private static IEnumerable<string> Trial(string what, AppTrial trial)
    {
        yield return $"{what}: {(trial.Passed ? "works" : "FAILS")} ({trial.Seconds:0.0} s)";
        foreach (var check in trial.Checks.Where(check => !check.Passed))
            yield return $"  {check.Name}: expected {check.Expected}, found {check.Found}";
        foreach (var line in Telling(trial.Log))
            yield return "    | " + line;
    }

    // What names an error says more than what came last; each only once.
    private static List<string> Telling(IReadOnlyList<string> log)
    {
        var errors = log.Where(line => ErrorLine().IsMatch(line)).Distinct(StringComparer.Ordinal).TakeLast(ErrorLines).ToList();
        return errors.Count > 0 ? errors : [.. log.TakeLast(LogLines)];
    }

    private static string Migration(string what, MigrationTrial trial)
    {
        if (!trial.Succeeded)
            return $"{what}: FAILS: {trial.Failure}";
        var steps = trial.Observed?.Steps is { Count: > 0 } all ? $" ({string.Join(", ", all.Select(step => $"{step.From ?? "base"} to {step.To ?? "base"} {step.Seconds:0.0} s"))})" : "";
        var rewritten = trial.Observed?.Rewritten is { Count: > 0 } tables ? $"; rewrites {tables}" : "";
        var locked = trial.Observed?.Locks.Where(held => held.StopsWrites).Select(held => held.Table).ToList() is { Count: > 0 } held ? $"; locks {string.Join(", ", held)}" : "";
        return $"{what}: works, {trial.Seconds:0.0} s{steps}{rewritten}{locked}";
    }

    private static string Number(long number) => Backups.Bytes.Grouped(number);

    // An exception's own line, as Python, Java and .NET print it, or PostgreSQL's.
    [GeneratedRegex(@"^([\w.]+(Error|Exception)\b|(ERROR|FATAL|PANIC)\b|E\s)")]
    private static partial Regex ErrorLine();
}
