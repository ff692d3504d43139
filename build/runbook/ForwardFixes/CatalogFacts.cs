using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.ForwardFixes;

/// <summary>The kinds of relations (pg_class.relkind) that matter here.</summary>
public enum RelationKind
{
    /// <summary>An ordinary, partitioned or foreign table.</summary>
    Table,
    /// <summary>A view.</summary>
    View,
    /// <summary>A materialized view.</summary>
    MaterializedView,
    /// <summary>A sequence.</summary>
    Sequence,
}

/// <summary>A relation as the catalogs have it.</summary>
/// <param name="Name">Its name; its schema is left out when it is <c>public</c>.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Columns">Its columns, in order.</param>
/// <param name="Constraints">The names of its constraints.</param>
/// <param name="Triggers">The names of its triggers, internal ones left out.</param>
public sealed record RelationFacts(
    ObjectName Name, RelationKind Kind, ValueList<ColumnSpec> Columns, ValueList<string> Constraints, ValueList<string> Triggers);

/// <summary>An index as the catalogs have it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Table">Its table.</param>
/// <param name="Valid">False when building it concurrently failed halfway (pg_index.indisvalid): it is kept up to date and never used.</param>
public sealed record IndexFacts(ObjectName Name, ObjectName Table, bool Valid);

/// <summary>A type as the catalogs have it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels, when it is an enum.</param>
public sealed record TypeFacts(ObjectName Name, ValueList<string> Labels);

/// <summary>What a database's schema holds, as far as fixing and retrying migrations ask.</summary>
/// <param name="Relations">Its relations.</param>
/// <param name="Indexes">Its indexes.</param>
/// <param name="Types">Its enums and domains.</param>
/// <param name="Functions">The names of its functions and procedures.</param>
public sealed record CatalogFacts(
    ValueList<RelationFacts> Relations, ValueList<IndexFacts> Indexes, ValueList<TypeFacts> Types, ValueList<ObjectName> Functions)
{
    private readonly Dictionary<ObjectName, RelationFacts> _relations = Relations.GroupBy(relation => relation.Name).ToDictionary(same => same.Key, same => same.First());

    /// <summary>A relation; null when there is none.</summary>
    public RelationFacts? Relation(ObjectName name) => _relations.GetValueOrDefault(name);

    /// <summary>A column; null when there is none.</summary>
    public ColumnSpec? Column(ObjectName table, string column) => Relation(table)?.Columns.FirstOrDefault(found => found.Name == column);

    /// <summary>An index; null when there is none.</summary>
    public IndexFacts? Index(ObjectName name) => Indexes.FirstOrDefault(index => index.Name == name);

    /// <summary>A type; null when there is none.</summary>
    public TypeFacts? Type(ObjectName name) => Types.FirstOrDefault(type => type.Name == name);
}
