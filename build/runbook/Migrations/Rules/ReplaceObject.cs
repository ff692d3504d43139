using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>An old function or view was replaced, or may have been.</summary>
internal sealed class ReplaceObject() : Rule("replace-object", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem:
            "A function, procedure or view was exchanged by CREATE OR REPLACE, or a function got a second one of the same name "
            + "beside it.",
        Why:
            "Its name and result stay (PostgreSQL sees to that), what it does may not: old code, triggers, defaults and "
            + "policies run the new one. A second function can make a call ambiguous.",
        Remedy: "Compare the two bodies. A forward fix puts the old one back: it holds no data.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) =>
        change is ObjectCreated created && (MayReplace(created, context) || Overloads(created, context))
            ? Find(created.Name, $"{Kinds.Name(created.Kind)} {created.Name} was or may have been exchanged")
            : [];

    private static bool MayReplace(ObjectCreated created, RuleContext context) =>
        created.Replaces
        && (context.Schema.Object(created.Kind, created.Name) is { } before
            ? !context.IsNew(before.Birth)
            : !(context.Schema.FromBase && !context.Schema.SawUnknown));

    private static bool Overloads(ObjectCreated created, RuleContext context) =>
        created.Kind is ObjectKind.Function or ObjectKind.Procedure
        && context.Schema.Object(created.Kind, created.Name) is { } before && !context.IsNew(before.Birth);
}
