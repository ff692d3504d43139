using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An index of an old table that is not unique was dropped.</summary>
internal sealed class DropIndex() : Rule("drop-index", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "An index that is not unique was dropped.",
        Why: "Old code gets the same answers, more slowly: a query that needs the index may run into its timeout.",
        Remedy: "Look at pg_stat_user_indexes before dropping; create it again CONCURRENTLY if old code needs it.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is IndexDropped dropped && IsOld(dropped, context) && !Recreation.Follows(dropped, context)
            && (context.Schema.Index(dropped.Name) is { Index.Unique: false } || Recreation.Clears(dropped, context))
            ? Find(dropped.Name, $"index {dropped.Name} was dropped")
            : [];

    /// <summary>True for an index that old code lived with.</summary>
    internal static bool IsOld(IndexDropped dropped, RuleContext context) =>
        context.Schema.Index(dropped.Name) is { } index
            ? !(context.IsNew(index.Birth) || context.IsNewRelation(index.Index.Table))
            : !(dropped.Table is { } table && context.IsNewRelation(table));
}
