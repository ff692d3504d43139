using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Row level security of an old table was switched.</summary>
internal sealed class RowLevelSecurity() : Rule("row-level-security", Severity.Breaking)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "Row level security of an old table was enabled, forced, disabled or no longer forced.",
        Why:
            "Enabled, a role that is not the owner sees no row and writes none unless a policy lets it, and old code does not "
            + "set what the policies ask for. Disabled, everybody sees everything.",
        Remedy: "Ship the code that sets the policies' context first. A forward fix switches it back, which is instant.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is RowSecurityChanged changed && !context.IsNewRelation(changed.Table)
            ? Find(changed.Table, $"row level security of {changed.Table}: {changed.To.ToString().ToLowerInvariant()}")
            : [];
}
