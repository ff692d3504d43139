namespace Runback.Runbook.Migrations.Assessment;

/// <summary>An assessment as lines for people: the verdict first, then each migration, newest first, with what speaks against it.</summary>
public static class AssessmentText
{
    /// <summary>The lines.</summary>
    public static IEnumerable<string> Lines(PathAssessment assessment)
    {
        yield return $"{assessment.Verdict}: {Meaning(assessment.Verdict)} ({assessment.Revisions.Count} migrations)";
        var whole = assessment.Reasons.ToHashSet();
        foreach (var revision in assessment.Revisions.Reverse())
        {
            var script = revision.Script;
            yield return $"  {revision.Verdict,-9} {script.Revision}  {script.Title}  downgrade: {revision.Downgrade.Kind}{(revision.CommitsInParts ? ", commits in parts" : "")}";
            foreach (var reason in revision.Reasons)
                yield return $"            {reason.Severity}: {reason.Rule}  {reason.Subject}: {reason.Detail}  ({script.File}{(reason.At.Line > 0 ? $":{reason.At.Line}" : "")}){(whole.Contains(reason) ? "" : "  (alone: what the path itself made counts for nothing in the whole)")}";
            if (revision.Downgrade.Kind != DowngradeKind.Present && revision.Verdict != Verdict.Additive)
                yield return $"            downgrade: {revision.Downgrade.Detail}{(revision.Downgrade.At.Line > 0 ? $" (line {revision.Downgrade.At.Line})" : "")}";
        }
        var single = assessment.Revisions.SelectMany(revision => revision.Reasons).ToHashSet();
        foreach (var reason in assessment.Reasons.Where(reason => !single.Contains(reason)))
            yield return $"  of all together: {reason.Severity}: {reason.Rule}  {reason.Subject}: {reason.Detail}";
    }

    private static string Meaning(Verdict verdict) => verdict switch
    {
        Verdict.Additive => "code of the release before can't notice it; the application may go back alone",
        Verdict.Caution => "code of the release before most likely runs; what could bite is named",
        Verdict.Unknown => "something was not understood, which counts as breaking",
        _ => "code of the release before must not run on it",
    };
}
