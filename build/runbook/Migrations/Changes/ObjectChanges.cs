namespace Runback.Runbook.Migrations.Changes;

/// <summary>The kinds of database objects that stand by themselves. Indexes, triggers, rules and policies have records of their own.</summary>
public enum ObjectKind
{
    /// <summary>An ordinary or partitioned table.</summary>
    Table,
    /// <summary>A view.</summary>
    View,
    /// <summary>A materialized view.</summary>
    MaterializedView,
    /// <summary>A foreign table.</summary>
    ForeignTable,
    /// <summary>A function.</summary>
    Function,
    /// <summary>A procedure.</summary>
    Procedure,
    /// <summary>An aggregate.</summary>
    Aggregate,
    /// <summary>A sequence.</summary>
    Sequence,
    /// <summary>An enum, composite, range or base type.</summary>
    Type,
    /// <summary>A domain.</summary>
    Domain,
    /// <summary>A schema.</summary>
    Schema,
    /// <summary>An extension.</summary>
    Extension,
    /// <summary>Extended statistics (<c>CREATE STATISTICS</c>).</summary>
    Statistics,
    /// <summary>A collation.</summary>
    Collation,
    /// <summary>An operator, operator class or operator family.</summary>
    Operator,
    /// <summary>A cast.</summary>
    Cast,
    /// <summary>An event trigger.</summary>
    EventTrigger,
    /// <summary>A publication.</summary>
    Publication,
    /// <summary>A subscription.</summary>
    Subscription,
    /// <summary>A role or user.</summary>
    Role,
    /// <summary>A foreign server, wrapper or user mapping.</summary>
    ForeignServer,
    /// <summary>A text search configuration, dictionary, parser or template.</summary>
    TextSearch,
    /// <summary>A procedural language.</summary>
    Language,
    /// <summary>A database.</summary>
    Database,
}

/// <summary>An object other than a table was created.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name; a function's without its arguments.</param>
public sealed record ObjectCreated(ObjectKind Kind, ObjectName Name) : Change
{
    /// <summary><c>OR REPLACE</c>: an existing one is exchanged.</summary>
    public bool Replaces { get; init; }

    /// <summary><c>IF NOT EXISTS</c> (or <c>checkfirst</c>): there may have been one already.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>The argument list of a function or procedure as written, for telling overloads apart; null otherwise.</summary>
    public string? Arguments { get; init; }

    /// <summary>The body of a function as written; null when there is none.</summary>
    public string? Body { get; init; }

    /// <summary>The whole statement that makes a view, function or procedure, as written; null for other kinds, and where none was read.</summary>
    public string? Definition { get; init; }

    /// <summary>The labels, when it is an enum.</summary>
    public ValueList<string> Labels { get; init; } = [];

    /// <summary>What it demands of values, when it is a domain; null otherwise.</summary>
    public DomainDefinition? Domain { get; init; }
}

/// <summary>A domain as its creation describes it: what holds for every column of it.</summary>
/// <param name="Type">The type beneath, which may be a domain too; null when not known.</param>
public sealed record DomainDefinition(string? Type)
{
    /// <summary><c>NOT NULL</c>.</summary>
    public bool NotNull { get; init; }

    /// <summary>The default of columns that have none of their own; null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>The conditions of its checks, in which <c>VALUE</c> is the value.</summary>
    public ValueList<string> Checks { get; init; } = [];
}

/// <summary>A table was created. Its constraints follow as <see cref="ConstraintAdded"/>, its indexes as <see cref="IndexCreated"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns; empty when they are not known (<c>CREATE TABLE … AS</c>).</param>
public sealed record TableCreated(ObjectName Name, ValueList<ColumnSpec> Columns) : Change
{
    /// <summary><c>IF NOT EXISTS</c>: there may have been one already.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>A temporary table, gone with the session.</summary>
    public bool Temporary { get; init; }

    /// <summary>The partitioned table that it is a partition of.</summary>
    public ObjectName? PartitionOf { get; init; }

    /// <summary>True when the partition narrows its parent by constraints or defaults of its own.</summary>
    public bool PartitionNarrows { get; init; }

    /// <summary>The tables that it inherits from: their queries see its rows.</summary>
    public ValueList<ObjectName> Inherits { get; init; } = [];
}

/// <summary>An object was dropped, a table too.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name; a function's without its arguments.</param>
public sealed record ObjectDropped(ObjectKind Kind, ObjectName Name) : Change
{
    /// <summary><c>IF EXISTS</c>.</summary>
    public bool IfExists { get; init; }

    /// <summary><c>CASCADE</c>: what depends on it goes as well.</summary>
    public bool Cascade { get; init; }
}

/// <summary>An object got another name or schema.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">The name before.</param>
/// <param name="NewName">The name after.</param>
public sealed record ObjectRenamed(ObjectKind Kind, ObjectName Name, ObjectName NewName) : Change;

/// <summary>An object was altered in a way that has no record of its own.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
/// <param name="What">What was altered, in a few words.</param>
public sealed record ObjectAltered(ObjectKind Kind, ObjectName Name, string What) : Change;

/// <summary>A sequence's position was set (<c>setval</c>, <c>RESTART</c>): the next number is another one.</summary>
/// <param name="Sequence">The sequence; null when the statement computes it.</param>
public sealed record SequenceValueSet(ObjectName? Sequence) : Change;

/// <summary>An object got another owner.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name.</param>
public sealed record OwnerChanged(ObjectKind Kind, ObjectName Name) : Change;

/// <summary>A label was added to an enum.</summary>
/// <param name="Type">The enum.</param>
/// <param name="Label">The new label.</param>
public sealed record EnumLabelAdded(ObjectName Type, string Label) : Change;

/// <summary>A label of an enum got another name.</summary>
/// <param name="Type">The enum.</param>
/// <param name="Label">The label before.</param>
/// <param name="NewLabel">The label after.</param>
public sealed record EnumLabelRenamed(ObjectName Type, string Label, string NewLabel) : Change;

/// <summary>A label of an enum was removed (from <c>pg_enum</c>, or by a helper that rebuilds the type).</summary>
/// <param name="Type">The enum.</param>
/// <param name="Label">The label; null when not known.</param>
public sealed record EnumLabelRemoved(ObjectName Type, string? Label) : Change;
