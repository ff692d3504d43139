using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Where what was observed and what was read differ. The stricter holds; each difference is a rule's fault, or the data's doing.</summary>
public static class RuleFaults
{
    /// <summary>The differences, each as a sentence for people; none when reading and observing agree.</summary>
    /// <param name="read">What reading the migrations says.</param>
    /// <param name="observed">What running them showed.</param>
    /// <param name="isEmpty">Whether they ran on a database without rows, where nothing could be lost or broken that rows alone show.</param>
    public static IReadOnlyList<string> Find(PathAssessment read, ObservedJudgement observed, bool isEmpty = false)
    {
        var faults = new List<string>();
        if (read.Verdict != observed.Verdict && !(isEmpty && observed.Verdict < read.Verdict))
        {
            var (stricter, word) = observed.Verdict > read.Verdict ? (observed.Verdict, "stricter") : (read.Verdict, "looser");
            faults.Add($"running the migrations shows {observed.Verdict}, which is {word} than what reading them says ({read.Verdict}); {stricter} holds");
        }
        // Whatever a migration does that could not be followed may be what was observed.
        if (read.Reasons.Any(reason => reason.Rule == NotUnderstood.RuleId))
            return faults;
        foreach (var reason in observed.Reasons.Where(reason => reason.Severity == Severity.Breaking && !IsCovered(reason, read.Reasons)))
            faults.Add($"{reason.Subject}: {reason.Detail} ({reason.Kind}), and no rule found anything breaking about it when reading");
        return faults;
    }

    private static bool IsCovered(ObservedReason observed, ValueList<Reason> read) =>
        read.Any(reason => reason.Severity == Severity.Breaking && Concerns(Plain(reason.Subject), Plain(observed.Subject)));

    // The one names the other, or the table that it belongs to; the one may leave out the schema or the table.
    private static bool Concerns(string one, string other) =>
        one == other || Within(one, other) || Within(other, one) || one.EndsWith("." + other, StringComparison.Ordinal) || other.EndsWith("." + one, StringComparison.Ordinal);

    private static bool Within(string whole, string part) =>
        part.StartsWith(whole + ".", StringComparison.Ordinal) || part.StartsWith(whole + "(", StringComparison.Ordinal) || part.StartsWith(whole + " ", StringComparison.Ordinal);

    private static string Plain(string subject) => CatalogName.Short(subject.Replace("\"", "", StringComparison.Ordinal));
}
