using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A trigger or rule on an old table that may refuse what old code writes.</summary>
internal sealed class AddGuard() : Rule("add-guard", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem:
            "A trigger or rewrite rule was added to an old table, and it may refuse or redirect writes: its function raises, "
            + "or skips rows, or was not read.",
        Why: "Old code's writes fail, vanish or go elsewhere.",
        Remedy: "Make code respect it in one release, add it in a later one. A forward fix drops or disables it, which is instant.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        TriggerCreated created when !context.IsNewRelation(created.Table) && !AddTrigger.Passes(created, context) =>
            Find(created.Table.Part(created.Name), $"writes to {created.Table} run {created.Function?.ToString() ?? "a function"}(), which may refuse them"),
        RewriteRuleCreated created when !context.IsNewRelation(created.Table) =>
            Find(created.Table.Part(created.Name), $"statements on {created.Table} are rewritten"),
        _ => [],
    };
}
