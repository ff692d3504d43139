using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.Migrations;

/// <summary>From reasons to a verdict.</summary>
public static class VerdictOf
{
    /// <summary>
    /// The verdict that reasons give: none is <see cref="Verdict.Additive"/>; a breaking one decides; what was not understood
    /// decides over what calls for caution.
    /// </summary>
    public static Verdict Reasons(IEnumerable<Reason> reasons)
    {
        var verdict = Verdict.Additive;
        foreach (var reason in reasons)
            verdict = Worse(verdict, Of(reason));
        return verdict;
    }

    /// <summary>The worse of two verdicts.</summary>
    public static Verdict Worse(Verdict one, Verdict other) => one > other ? one : other;

    /// <summary>True when the database may not stay as it is: breaking, or not understood.</summary>
    public static bool Blocks(this Verdict verdict) => verdict >= Verdict.Unknown;

    private static Verdict Of(Reason reason) =>
        reason.Allowed is not null ? Verdict.Caution : reason.Rule == NotUnderstood.RuleId ? Verdict.Unknown : reason.Severity == Severity.Breaking ? Verdict.Breaking : Verdict.Caution;
}
