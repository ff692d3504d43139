using Runback.Runbook.Migrations.Rules;

namespace Runback.Runbook.ForwardFixes.Fixes;

/// <summary>A new unique index over what old code writes is dropped.</summary>
internal sealed class NewUniqueIndex() : Fix("add-unique")
{
    public override FixAnswer? Answer(Reason reason, FixContext context)
    {
        var found = context.After.Indexes.FirstOrDefault(state =>
            state.Index.At == reason.At && state.Index.Name is { } name && state.Index.Table.Part(name) == reason.Subject);
        if (found is not { Index: { Name: { } index } created })
            return null;
        return FixAnswer.By(new FixStep(
            FixPhase.Constraints, created.Table.Part(index), $"drops the unique index {index}",
            [RunSql.Of($"DROP INDEX {SqlName.Of(created.Table.Sibling(index))}")], [RunSql.Of(ConstraintText.Index(created))])
        {
            Remarks = [$"newer code that says ON CONFLICT on {created.Keys} of {created.Table} fails without it", "rows that old code writes may stand in its way when it is made again"],
        });
    }
}
