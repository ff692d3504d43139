using Runback.Runbook.Processes;

namespace Runback.Runbook.ForwardFixes;

/// <summary>A fix in lines for people.</summary>
public static class ForwardFixText
{
    /// <summary>What it does, what it can't, where the file is, and how to go on.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="file">The file on this host; null when none was made.</param>
    /// <param name="revision">Its revision; null when none was made.</param>
    /// <param name="migrations">Where the project keeps its migrations.</param>
    /// <param name="trial">How it went on a copy; null when it wasn't tried.</param>
    public static IEnumerable<string> Lines(FixPlan plan, string? file, string? revision, string migrations, FixTrialResult? trial = null)
    {
        yield return plan.Steps.Count == 0 ? "The fix does nothing: no reason of the verdict can be answered by a migration." : "What the fix does:";
        foreach (var step in plan.Steps)
        {
            yield return $"  {step.Subject}: {step.Does}";
            foreach (var answered in step.Answers)
                yield return $"      answers {answered.Rule} ({answered.At})";
            foreach (var remark in step.Remarks)
                yield return $"      note: {remark}";
        }
        if (plan.Remaining.Count > 0)
        {
            yield return "";
            yield return "Not covered, and old code stays broken until a person does it:";
            foreach (var left in plan.Remaining)
            {
                yield return $"  {left.Reason.Subject}: {left.Why} ({left.Reason.Rule}, {left.Reason.At})";
                yield return $"      to do: {left.Todo}";
            }
        }
        foreach (var note in plan.Notes.Select((text, i) => (text, i)))
        {
            if (note.i == 0)
                yield return "\nWorth a look:";
            yield return $"  {note.text}";
        }
        if (trial is not null)
        {
            yield return "";
            foreach (var line in trial.Lines)
                yield return line;
        }
        if (file is null)
            yield break;
        yield return "";
        yield return $"The migration: {file} (revision {revision})";
        yield return plan.IsComplete ? "Go on with:" : "Add what is not covered to it, then go on with:";
        yield return $"  cp {Command.Quote(file)} {Command.Quote(migrations.TrimEnd('/') + "/")}    # in the repository";
        yield return $"  git add {Command.Quote(migrations.TrimEnd('/') + "/" + Path.GetFileName(file))} && git commit -m 'Let the release before run on this schema'";
        yield return "  build the image under a new tag, push it, and deploy it as always: ./build.sh Deploy --tag <new tag>";
        yield return "  the deployment's upgrade applies it; the release before runs on the schema from then on";
    }
}
