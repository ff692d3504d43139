using Runback.Runbook.Migrations;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Where what was observed and what was read differ. The stricter holds; each difference is a rule's fault, or the data's doing.</summary>
public static class RuleFaults
{
    /// <summary>The differences, each as a sentence for people; none when reading and observing agree.</summary>
    public static IReadOnlyList<string> Find(PathAssessment read, ObservedJudgement observed) =>
        read.Verdict == observed.Verdict ? [] : [$"reading the migrations says {read.Verdict}, running them shows {observed.Verdict}"];
}
