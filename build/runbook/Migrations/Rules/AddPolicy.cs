using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A permissive policy was added to an old table.</summary>
internal sealed class AddPolicy() : Rule("add-policy", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A permissive policy was added to an old table.",
        Why: "Where row level security is on, more rows can be seen or written; where it is off, nothing happens yet.",
        Remedy: "Look whom it lets in.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is PolicyCreated { Restrictive: false } created && !context.IsNewRelation(created.Table)
            ? Find(created.Table.Part(created.Name), $"policy {created.Name} allows more on {created.Table}")
            : [];
}
