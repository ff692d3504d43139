namespace Runback.Runbook.Migrations.Changes;

/// <summary>The kinds of constraints. NOT NULL is a column's property (<see cref="ColumnNullabilityChanged"/>).</summary>
public enum ConstraintKind
{
    /// <summary>PRIMARY KEY.</summary>
    PrimaryKey,
    /// <summary>UNIQUE.</summary>
    Unique,
    /// <summary>CHECK.</summary>
    Check,
    /// <summary>FOREIGN KEY.</summary>
    ForeignKey,
    /// <summary>EXCLUDE.</summary>
    Exclusion,
}

/// <summary>A constraint as its creation describes it.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Columns">The constrained columns; for a check the columns that the writer attached it to, often none.</param>
public sealed record ConstraintSpec(ConstraintKind Kind, ValueList<string> Columns)
{
    /// <summary>Its name; null when PostgreSQL makes one up.</summary>
    public string? Name { get; init; }

    /// <summary>A check's or exclusion's expression as written.</summary>
    public string? Expression { get; init; }

    /// <summary>The table that a foreign key points to.</summary>
    public ObjectName? References { get; init; }

    /// <summary>The columns that a foreign key points to; empty means the primary key.</summary>
    public ValueList<string> ReferencedColumns { get; init; } = [];

    /// <summary>What happens to the row when the row that it points to is deleted (<c>CASCADE</c>, <c>SET NULL</c>); null for the default, which refuses.</summary>
    public string? OnDelete { get; init; }

    /// <summary><c>NOT VALID</c>: rows that were there are not checked; new writes are.</summary>
    public bool NotValid { get; init; }

    /// <summary>The index that it takes over (<c>USING INDEX</c>).</summary>
    public string? UsingIndex { get; init; }

    /// <summary><c>NULLS NOT DISTINCT</c>: two NULLs conflict.</summary>
    public bool NullsNotDistinct { get; init; }
}

/// <summary>A constraint was added.</summary>
/// <param name="Table">The table; a domain's name when <see cref="OnDomain"/>.</param>
/// <param name="Constraint">The constraint.</param>
public sealed record ConstraintAdded(ObjectName Table, ConstraintSpec Constraint) : Change
{
    /// <summary>It is a domain's constraint.</summary>
    public bool OnDomain { get; init; }

    /// <summary>It is part of <c>CREATE TABLE</c>: when the table was there already (<c>IF NOT EXISTS</c>), it is not added either.</summary>
    public bool WithTable { get; init; }
}

/// <summary>A constraint was dropped.</summary>
/// <param name="Table">The table; a domain's name when <see cref="OnDomain"/>.</param>
/// <param name="Name">Its name; null when the migration leaves it to a naming convention.</param>
/// <param name="Kind">Its kind where the migration says it (<c>type_</c>).</param>
public sealed record ConstraintDropped(ObjectName Table, string? Name, ConstraintKind? Kind) : Change
{
    /// <summary><c>IF EXISTS</c>.</summary>
    public bool IfExists { get; init; }

    /// <summary><c>CASCADE</c>: foreign keys that point to it go as well.</summary>
    public bool Cascade { get; init; }

    /// <summary>It is a domain's constraint.</summary>
    public bool OnDomain { get; init; }
}

/// <summary>A constraint got another name.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">The name before.</param>
/// <param name="NewName">The name after.</param>
public sealed record ConstraintRenamed(ObjectName Table, string Name, string NewName) : Change;

/// <summary>A constraint that was <c>NOT VALID</c> was checked against the rows that were there.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">The constraint.</param>
public sealed record ConstraintValidated(ObjectName Table, string Name) : Change;

/// <summary>A constraint's deferral (or enforcement) changed.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">The constraint.</param>
/// <param name="What">The new setting as written.</param>
public sealed record ConstraintAltered(ObjectName Table, string Name, string What) : Change;

/// <summary>An index was created.</summary>
/// <param name="Name">Its name; null when PostgreSQL makes one up.</param>
/// <param name="Table">The table or materialized view.</param>
/// <param name="Keys">Its keys in order: column names, and expressions as written in parentheses.</param>
public sealed record IndexCreated(string? Name, ObjectName Table, ValueList<string> Keys) : Change
{
    /// <summary><c>UNIQUE</c>.</summary>
    public bool Unique { get; init; }

    /// <summary><c>CONCURRENTLY</c>.</summary>
    public bool Concurrently { get; init; }

    /// <summary>Its access method as written in lower case; null for the default, btree.</summary>
    public string? Method { get; init; }

    /// <summary>The columns that it only carries (<c>INCLUDE</c>).</summary>
    public ValueList<string> Included { get; init; } = [];

    /// <summary>A partial index's condition; null when it is none.</summary>
    public string? Predicate { get; init; }

    /// <summary><c>IF NOT EXISTS</c>.</summary>
    public bool IfNotExists { get; init; }

    /// <summary><c>NULLS NOT DISTINCT</c>: two NULLs conflict.</summary>
    public bool NullsNotDistinct { get; init; }
}

/// <summary>An index was dropped.</summary>
/// <param name="Name">Its name, with its schema.</param>
/// <param name="Table">Its table where the migration says it.</param>
public sealed record IndexDropped(ObjectName Name, ObjectName? Table) : Change
{
    /// <summary><c>IF EXISTS</c>.</summary>
    public bool IfExists { get; init; }

    /// <summary><c>CONCURRENTLY</c>.</summary>
    public bool Concurrently { get; init; }

    /// <summary><c>CASCADE</c>.</summary>
    public bool Cascade { get; init; }
}

/// <summary>An index got another name.</summary>
/// <param name="Name">The name before.</param>
/// <param name="NewName">The name after.</param>
public sealed record IndexRenamed(ObjectName Name, string NewName) : Change;
