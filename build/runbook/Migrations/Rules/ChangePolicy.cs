using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A policy of an old table takes access away, or was altered or dropped.</summary>
internal sealed class ChangePolicy() : Rule("change-policy", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A restrictive policy was added to an old table, or a policy was altered or dropped.",
        Why: "Rows vanish for old code, and its writes are refused, without an error that says why.",
        Remedy: "Change policies together with nothing else, after code fits both. A forward fix creates the old policy again.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        PolicyCreated { Restrictive: true } created when !context.IsNewRelation(created.Table) => Of(created.Table, created.Name, "was added and restricts"),
        PolicyAltered altered when !IsNew(altered.Table, altered.Name, context) => Of(altered.Table, altered.Name, "was altered"),
        PolicyDropped dropped when !IsNew(dropped.Table, dropped.Name, context) => Of(dropped.Table, dropped.Name, "was dropped"),
        _ => [],
    };

    private static IEnumerable<Finding> Of(ObjectName table, string policy, string what) => Find(table.Part(policy), $"policy {policy} of {table} {what}");

    private static bool IsNew(ObjectName table, string policy, RuleContext context) =>
        context.IsNewRelation(table)
        || (context.Schema.Table(table)?.Policies.TryGetValue(policy, out var birth) == true && context.IsNew(birth));
}
