using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>A new unique, exclusion, check or foreign key constraint over what old code writes is dropped.</summary>
internal sealed class NewConstraint() : Fix("add-unique", "add-check", "add-foreign-key")
{
    public override FixAnswer? Answer(Reason reason, FixContext context)
    {
        var found = from table in context.After.Tables
                    from constraint in table.Value.Constraints
                    where constraint.At == reason.At && table.Key.Part(constraint.Spec.Name ?? "") == reason.Subject
                    select FixAnswer.By(Step(table.Key, constraint.Spec));
        return found.FirstOrDefault();
    }

    private static FixStep Step(ObjectName table, ConstraintSpec constraint)
    {
        var again = constraint.Kind is ConstraintKind.Check or ConstraintKind.ForeignKey ? constraint with { NotValid = true } : constraint;
        FixOperation undo = ConstraintText.Of(again) is { } text
            ? Alter(table, $"ADD {text}")
            : new Remark($"The constraint {constraint.Name} of {table} is not known well enough to be made again: add it by hand.");
        return new FixStep(
            FixPhase.Constraints, table.Part(constraint.Name!), $"drops the constraint {constraint.Name} of {table}",
            [Alter(table, $"DROP CONSTRAINT {SqlName.Of(constraint.Name!)}")], [undo])
        {
            Remarks = constraint.Kind switch
            {
                ConstraintKind.Unique or ConstraintKind.Exclusion =>
                    [$"newer code that says ON CONFLICT on {constraint.Name} fails without it", $"rows that old code writes may stand in its way when it is added again"],
                _ => [$"rows that old code writes may not pass {constraint.Name}: look before it is added again"],
            },
        };
    }
}
