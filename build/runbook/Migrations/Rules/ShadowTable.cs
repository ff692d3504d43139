using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>A new relation has the name of an old one, in a schema that may be searched before it.</summary>
internal sealed class ShadowTable() : Rule("shadow-table", Severity.Caution)
{
    /// <inheritdoc/>
    public override RulePage Page { get; } = new(
        Problem: "A table or view was put into another schema under the name of an old one in public.",
        Why:
            "PostgreSQL looks for a name without a schema along search_path, which begins with the schema that is named like the role (\"$user\"). "
            + "If that is this one, old code reads and writes the new relation from now on.",
        Remedy: "Give it another name, or a schema that no role's search_path holds. A forward fix renames it, which is instant.");

    internal override IEnumerable<Finding> Judge(Change change, RuleContext context) => change switch
    {
        TableCreated { Temporary: false } created => Shadow(created.Name, context),
        ObjectCreated { Kind: ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.ForeignTable or ObjectKind.Sequence } created => Shadow(created.Name, context),
        ObjectRenamed { Kind: ObjectKind.Table or ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.ForeignTable or ObjectKind.Sequence } renamed =>
            Shadow(renamed.NewName, context),
        _ => [],
    };

    private static IEnumerable<Finding> Shadow(ObjectName name, RuleContext context)
    {
        if (name.Schema is null)
            return [];
        var plain = ObjectName.Of(name.Name);
        var old = context.Schema.Table(plain) is { } table ? !context.IsNew(table.Birth)
            : ((ObjectKind[])[ObjectKind.View, ObjectKind.MaterializedView, ObjectKind.ForeignTable, ObjectKind.Sequence])
                .Any(kind => context.Schema.Object(kind, plain) is { } found && !context.IsNew(found.Birth));
        return old ? Find(name, $"{name} is found before {plain} where its schema is named like the role") : [];
    }
}
