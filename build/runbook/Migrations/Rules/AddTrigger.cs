using Runback.Runbook.Migrations.Sql;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A trigger on an old table whose function was read and refuses nothing.</summary>
internal sealed class AddTrigger() : Rule("add-trigger", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A trigger was added to an old table. Its function was read: it raises no error and skips no row.",
        Why: "It runs on the writes of old code as well, and changes or records what they do.",
        Remedy:
            "Look at what it does to rows that do not have the new columns filled. A forward fix drops or disables it, which "
            + "is instant.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is TriggerCreated created && !context.IsNewRelation(created.Table) && Passes(created, context)
            ? Find(created.Table.Part(created.Name), $"writes to {created.Table} run {created.Function}()")
            : [];

    /// <summary>True when the trigger's function was read, and neither raises an error nor skips rows.</summary>
    internal static bool Passes(TriggerCreated created, RuleContext context)
    {
        if (created.Function is not { } function || context.Schema.Object(ObjectKind.Function, function)?.Body is not { } body)
            return false;
        var tokens = Lexer.Tokens(body).Where(token => token.Significant).ToList();
        return Enumerable.Range(0, tokens.Count).All(i => !Refuses(tokens, i, created.After));
    }

    private static bool Refuses(List<Token> tokens, int i, bool after)
    {
        var next = i + 1 < tokens.Count ? tokens[i + 1] : default;
        return (tokens[i].IsWord("raise") && next.Value is not ("notice" or "info" or "debug" or "log" or "warning"))
            || (tokens[i].IsWord("return") && next.IsWord("null") && !after)
            || tokens[i].IsWord("assert") || tokens[i].IsWord("strict") || tokens[i].IsWord("execute") || tokens[i].IsWord("perform");
    }
}
