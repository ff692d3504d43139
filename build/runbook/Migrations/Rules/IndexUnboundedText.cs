using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A btree index over an old column that may hold more than fits into one.</summary>
internal sealed class IndexUnboundedText() : Rule("index-unbounded-text", Severity.Caution)
{
    // What fits into a btree's row of 2704 bytes whatever the encoding.
    private const int MostLetters = 676;

    private static readonly HashSet<string> Unbounded = new(StringComparer.Ordinal) { "text", "varchar", "bytea", "citext", "json", "jsonb", "xml", "character" };

    // Functions whose result is as long as what they are given.
    private static readonly HashSet<string> AsLong = new(StringComparer.Ordinal)
    {
        "lower", "upper", "initcap", "trim", "btrim", "ltrim", "rtrim", "reverse", "replace", "coalesce", "nullif", "concat", "concat_ws", "unaccent", "translate",
        "regexp_replace", "greatest", "least", "normalize", "to_jsonb",
    };

    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A btree index was added over an old column without a limit of length (text, a varchar without or with a large one, bytea, jsonb).",
        Why: "A value that takes more than 2704 bytes, compressed, fits into no btree index: old code's INSERTs and UPDATEs of long values now fail.",
        Remedy: "Index md5(column) or left(column, n), or use a hash or a gin index. If no value is long, nothing happens: the rehearsal tells of those that are there.");

    internal override IEnumerable<Finding> JudgeEnd(RuleContext context) =>
        from state in context.Schema.Indexes
        let index = state.Index
        where state.Birth.Migration >= context.Since && !index.Unique && index.Method is null or "btree" && !context.IsNewRelation(index.Table)
        from key in index.Keys.Concat(index.Included)
        let column = LongIn(index.Table, key, context)
        where column is not null && !IndexedBefore(index.Table, key, context)
        select new Finding(index.Table.Part(index.Name ?? "index"), $"a long value of {column} of {index.Table} no longer fits", index.At);

    private static string? LongIn(ObjectName table, string key, RuleContext context)
    {
        if (!key.StartsWith('('))
            return IsLong(table, key, context) ? key : null;
        var tokens = Expressions.Read(key);
        if (FunctionCalls.Calls(tokens).Any(call => !AsLong.Contains(call.Name)))
            return null;
        return tokens.Where(token => token.IsName).Select(token => token.Value).FirstOrDefault(name => IsLong(table, name, context));
    }

    private static bool IsLong(ObjectName table, string column, RuleContext context) =>
        context.Column(table, column) is { } state && !context.IsNew(state.Birth) && TypeText.Parse(state.Spec.Type) is { } type
        && (type.Array || (Unbounded.Contains(type.Name) && (type.Name != "character" || type.Arguments.Count > 0) && (type.Arguments.Count == 0 || type.Arguments[0] > MostLetters)));

    // Then a value that is too long was refused all along.
    private static bool IndexedBefore(ObjectName table, string key, RuleContext context) =>
        context.Schema.Indexes.Any(other => other.Birth is { Sure: true } birth && birth.Migration < context.Since && other.Index.Table == table && other.Index.Predicate is null
            && other.Index.Method is null or "btree" && other.Index.Keys.Contains(key))
        || context.Schema.Table(table)!.Constraints.Exists(constraint => constraint.Birth is { Sure: true } birth && birth.Migration < context.Since
            && constraint.Spec.Kind is ConstraintKind.Unique or ConstraintKind.PrimaryKey && constraint.Spec.Columns.Contains(key));
}
