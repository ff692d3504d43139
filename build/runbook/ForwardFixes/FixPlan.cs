using Runback.Runbook.ForwardFixes.Fixes;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes;

/// <summary>
/// What a fixing migration has to do so that old code runs on the kept schema, from the verdict of the migrations between two releases
/// (runbook, section 3.2, option 1), and what it can't do.
/// </summary>
/// <param name="Steps">What it does, in order.</param>
/// <param name="Remaining">The blocking reasons that stay, each with what a person must do.</param>
/// <param name="Notes">What is worth a look and blocks nothing: reasons for caution that no step touches, and what steps leave to a person.</param>
public sealed record FixPlan(ValueList<FixStep> Steps, ValueList<NotCovered> Remaining, ValueList<string> Notes)
{
    /// <summary>True when every blocking reason is answered: old code should run on the fixed schema. The trial on a copy proves it.</summary>
    public bool IsComplete => Remaining.Count == 0;

    /// <summary>Plans the fix.</summary>
    /// <param name="assessment">The verdict of the migrations that are kept, oldest first.</param>
    /// <param name="history">The migrations before them, oldest first: they tell what old code knows.</param>
    /// <param name="kept">What the kept schema holds, read from production or its copy; null when only the files are known.</param>
    public static FixPlan For(PathAssessment assessment, IReadOnlyList<MigrationScript> history, CatalogFacts? kept = null)
    {
        var context = new FixContext(assessment, history, kept);
        var answers = assessment.Reasons.Distinct().Select(reason => (Reason: reason, Answer: FixList.Answer(reason, context))).ToList();
        var steps = answers.SelectMany(pair => pair.Answer.Steps.Select(step => step with { Answers = [pair.Reason] }))
            .GroupBy(step => (step.Phase, step.Subject, step.Does)).Select(Merge).ToList();
        steps.AddRange(OldIndexes.Steps(steps, context));
        var remaining = answers.Where(pair => pair.Answer.Problem is not null && Blocks(pair.Reason))
            .Select(pair => new NotCovered(pair.Reason, pair.Answer.Problem!, pair.Answer.Todo));
        var notes = answers.Where(pair => pair.Answer.Problem is not null && !Blocks(pair.Reason))
            .Select(pair => $"{pair.Reason.Subject}: {pair.Reason.Detail} ({pair.Reason.Rule})").Concat(OldIndexes.Notes(steps, context));
        return new FixPlan(steps.OrderBy(step => step.Phase).ToValueList(), remaining.ToValueList(), notes.Distinct().ToValueList());
    }

    /// <summary>The operations of <c>upgrade()</c>, in order.</summary>
    public IEnumerable<FixOperation> Upgrade => Steps.SelectMany(step => step.Upgrade).Concat(Steps.SelectMany(step => step.Backfill));

    /// <summary>The operations of <c>downgrade()</c>, in order.</summary>
    public IEnumerable<FixOperation> Downgrade => Steps.Reverse().SelectMany(step => step.Downgrade);

    private static bool Blocks(Reason reason) => VerdictOf.Reasons([reason]).Blocks();

    private static FixStep Merge(IEnumerable<FixStep> same)
    {
        var steps = same.ToList();
        return steps[0] with { Answers = steps.SelectMany(step => step.Answers).Distinct().ToValueList() };
    }
}
