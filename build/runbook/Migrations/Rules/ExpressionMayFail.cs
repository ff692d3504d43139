using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A new generated column or index over old columns computes something that can raise an error.</summary>
internal sealed class ExpressionMayFail() : Rule("expression-may-fail", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem:
            "A generated column or an index was added to an old table, and its expression can fail for some values: a cast of "
            + "text, a division, a function that is not known.",
        Why: "The expression runs on every INSERT and UPDATE. A value that was fine for old code can now be refused.",
        Remedy:
            "Use an expression that accepts every value (NULLIF, CASE, a pattern before the cast), or a partial index over the "
            + "rows where it works.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        ColumnAdded { Column.Generated: { } expression } added when !context.IsNewRelation(added.Table) && Expressions.MayFail(expression) =>
            Find(added.Table.Part(added.Column.Name), $"writes to {added.Table} compute {expression}, which can fail"),
        IndexCreated created when !context.IsNewRelation(created.Table) && Failing(created) is { } expression =>
            Find(created.Table.Part(created.Name ?? "index"), $"writes to {created.Table} compute {expression}, which can fail"),
        _ => [],
    };

    private static string? Failing(IndexCreated index) =>
        index.Keys.Where(key => key.StartsWith('(')).Append(index.Predicate).FirstOrDefault(part => part is not null && Expressions.MayFail(part));
}
