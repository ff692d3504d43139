using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.ForwardFixes;

/// <summary>Tells of each change of a migration whether a database shows it done.</summary>
internal static class UnfinishedChanges
{
    /// <summary>The changes that the catalogs can tell, in order. Names that the migration makes more than once, or takes away first, are left out.</summary>
    public static IEnumerable<ChangeState> Of(MigrationScript script, CatalogFacts facts)
    {
        var freed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in script.Upgrade)
        {
            if (Of(change, facts) is { } found && !freed.Contains(Subject(change)))
                yield return new ChangeState(script.Revision, change.At, found.What, found.Done, found.Done ? found.Todo : null);
            freed.Add(Subject(change));
        }
    }

    private static string Subject(Change change) => change switch
    {
        TableCreated created => created.Name.ToString(),
        ObjectCreated created => created.Name.ToString(),
        ObjectDropped dropped => dropped.Name.ToString(),
        ColumnAdded added => added.Table.Part(added.Column.Name),
        ColumnDropped dropped => dropped.Table.Part(dropped.Column),
        ColumnRenamed renamed => renamed.Table.Part(renamed.Column),
        IndexCreated { Name: { } name } created => created.Table.Sibling(name).ToString(),
        IndexDropped dropped => dropped.Name.ToString(),
        ConstraintAdded { Constraint.Name: { } name } added => added.Table.Part(name),
        ConstraintDropped { Name: { } name } dropped => dropped.Table.Part(name),
        EnumLabelAdded added => $"{added.Type} '{added.Label}'",
        _ => "",
    };

    private static (string What, bool Done, string? Todo)? Of(Change change, CatalogFacts facts) => change switch
    {
        TableCreated created => ($"create table {created.Name}", facts.Relation(created.Name) is not null,
            created.IfNotExists ? null : $"the next try fails on it: look that it is empty, then DROP TABLE {SqlName.Of(created.Name)};"),
        ColumnAdded added => ($"add column {added.Table.Part(added.Column.Name)}", facts.Column(added.Table, added.Column.Name) is not null,
            added.IfNotExists ? null : $"the next try fails on it: look that nothing was written to it, then ALTER TABLE {SqlName.Of(added.Table)} DROP COLUMN {SqlName.Of(added.Column.Name)};"),
        IndexCreated { Name: { } name } created => Index(created, created.Table.Sibling(name), facts),
        ConstraintAdded { WithTable: false, OnDomain: false, Constraint.Name: { } name } added when facts.Relation(added.Table) is { } table => (
            $"add constraint {added.Table.Part(name)}", table.Constraints.Contains(name),
            $"the next try fails on it: ALTER TABLE {SqlName.Of(added.Table)} DROP CONSTRAINT {SqlName.Of(name)};"),
        EnumLabelAdded added when facts.Type(added.Type) is { } type => ($"add label '{added.Label}' to {added.Type}", type.Labels.Contains(added.Label),
            "PostgreSQL can't remove it: see that the migration says ADD VALUE IF NOT EXISTS"),
        ObjectCreated created when Exists(created, facts) is { } exists => ($"create {created.Kind.ToString().ToLowerInvariant()} {created.Name}", exists,
            created.Replaces || created.IfNotExists ? null : $"the next try fails on it: look that nothing uses it, then drop {created.Name}"),
        ObjectDropped { Kind: ObjectKind.Table or ObjectKind.View } dropped => ($"drop {dropped.Name}", facts.Relation(dropped.Name) is null,
            dropped.IfExists ? null : "the next try fails on it: see that the migration says IF EXISTS"),
        ColumnDropped dropped when facts.Relation(dropped.Table) is { } table => ($"drop column {dropped.Table.Part(dropped.Column)}",
            table.Columns.All(column => column.Name != dropped.Column), dropped.IfExists ? null : "the next try fails on it: see that the migration says IF EXISTS"),
        ColumnRenamed renamed when facts.Relation(renamed.Table) is { } table => ($"rename {renamed.Table.Part(renamed.Column)} to {renamed.NewName}",
            table.Columns.All(column => column.Name != renamed.Column) && table.Columns.Any(column => column.Name == renamed.NewName),
            $"the next try fails on it: ALTER TABLE {SqlName.Of(renamed.Table)} RENAME COLUMN {SqlName.Of(renamed.NewName)} TO {SqlName.Of(renamed.Column)};"),
        _ => null,
    };

    // An index that stayed invalid counts as not there, and stands in the way of the next try all the same.
    private static (string, bool, string?) Index(IndexCreated created, ObjectName name, CatalogFacts facts) => facts.Index(name) switch
    {
        null => ($"create index {name}", false, null),
        { Valid: false } => ($"create index {name} (left invalid, it serves no query)", true, $"DROP INDEX CONCURRENTLY {SqlName.Of(name)};"),
        _ => ($"create index {name}", true,
            created.IfNotExists ? null : $"the next try fails on it: DROP INDEX CONCURRENTLY {SqlName.Of(name)};, or see that the migration says IF NOT EXISTS"),
    };

    private static bool? Exists(ObjectCreated created, CatalogFacts facts) => created.Kind switch
    {
        ObjectKind.Type or ObjectKind.Domain => facts.Type(created.Name) is not null,
        ObjectKind.View or ObjectKind.MaterializedView or ObjectKind.Sequence => facts.Relation(created.Name) is not null,
        ObjectKind.Function or ObjectKind.Procedure => facts.Functions.Contains(created.Name),
        _ => null,
    };
}
