using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A trigger or rule of an old table was dropped, switched or altered.</summary>
internal sealed class ChangeTrigger() : Rule("change-trigger", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A trigger or rewrite rule of an old table was dropped, switched on or off, or altered.",
        Why: "Old code relies on what it did: a search column, a counter, an audit row, a check.",
        Remedy: "Drop it a release later. A forward fix creates it again; rows written meanwhile miss what it would have done.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        TriggerDropped dropped when !IsNew(dropped.Table, dropped.Name, context) =>
            Find(dropped.Table.Part(dropped.Name), $"trigger {dropped.Name} of {dropped.Table} was dropped"),
        TriggerAltered altered when !IsNew(altered.Table, altered.Name, context) =>
            Find(altered.Table.Part(altered.Name), $"trigger {altered.Name} of {altered.Table} was switched or altered"),
        RewriteRuleAltered altered when !context.IsNewRelation(altered.Table) =>
            Find(altered.Table.Part(altered.Name), $"rule {altered.Name} of {altered.Table} was dropped or altered"),
        _ => [],
    };

    private static bool IsNew(ObjectName table, string trigger, RuleContext context) =>
        context.IsNewRelation(table)
        || (context.Schema.Table(table)?.Triggers.TryGetValue(trigger, out var birth) == true && context.IsNew(birth));
}
