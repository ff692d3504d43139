namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>The kinds of objects in a catalog snapshot.</summary>
public enum CatalogKind
{
    /// <summary>A schema.</summary>
    Schema,
    /// <summary>An extension, with its version. Its members aren't listed.</summary>
    Extension,
    /// <summary>An ordinary or partitioned table.</summary>
    Table,
    /// <summary>A foreign table.</summary>
    ForeignTable,
    /// <summary>A view.</summary>
    View,
    /// <summary>A materialized view.</summary>
    MaterializedView,
    /// <summary>A column of a table or view.</summary>
    Column,
    /// <summary>A primary key, unique, exclusion, check or foreign key constraint of a table. NOT NULL is the column's.</summary>
    Constraint,
    /// <summary>An index that no constraint owns.</summary>
    Index,
    /// <summary>A trigger that no constraint owns.</summary>
    Trigger,
    /// <summary>A rewrite rule other than a view's own.</summary>
    Rule,
    /// <summary>A row level security policy.</summary>
    Policy,
    /// <summary>That a table is a partition of another one, or inherits from it.</summary>
    Inheritance,
    /// <summary>A sequence, without its position.</summary>
    Sequence,
    /// <summary>A function, procedure or aggregate.</summary>
    Function,
    /// <summary>An enum.</summary>
    Enum,
    /// <summary>A domain.</summary>
    Domain,
    /// <summary>A composite or range type.</summary>
    Type,
    /// <summary>What one role may do with one object.</summary>
    Privileges,
    /// <summary>A setting of the database, or of a role in it.</summary>
    Setting,
    /// <summary>A collation, cast, operator, event trigger, publication, subscription, foreign server or text search configuration.</summary>
    Other,
}
