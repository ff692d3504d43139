using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>A connection, engine or cursor.</summary>
internal sealed class Connection : Value
{
    internal static readonly Connection Value = new();
}

/// <summary>The URL of the database: only its beginning is known.</summary>
internal sealed class DatabaseUrl : Value
{
    internal static readonly DatabaseUrl Value = new();

    internal const string Text = "postgresql" + Holes.Text;

    private static readonly string[] Others = ["sqlite", "mysql", "mariadb", "oracle", "mssql", "cockroachdb", "snowflake", "bigquery", "redshift"];

    /// <summary>Whether its text holds a part, as far as that can be told: the name of another dialect stands nowhere in it.</summary>
    internal static bool? Contains(string text, string part) =>
        text != Text ? null : "postgresql".Contains(part, StringComparison.Ordinal) ? true : Others.Contains(part.TrimEnd(':', '/')) ? false : null;
}

/// <summary>The migration context, or Alembic's <c>context</c>.</summary>
internal sealed class Context : Value
{
    internal static readonly Context Value = new();
}

/// <summary>The inspector: it only reads.</summary>
internal sealed class Inspector : Value
{
    internal static readonly Inspector Value = new();
}

/// <summary>An ORM session.</summary>
internal sealed class Session : Value
{
    internal static readonly Session Value = new();
}

/// <summary>A <c>sessionmaker</c>.</summary>
internal sealed class SessionFactory : Value
{
    internal static readonly SessionFactory Value = new();
}

/// <summary>The context manager of <c>autocommit_block()</c>.</summary>
internal sealed class AutocommitBlock : Value
{
    internal static readonly AutocommitBlock Value = new();
}

/// <summary>The context manager of <c>contextlib.suppress</c>.</summary>
internal sealed class Suppression : Value
{
    internal static readonly Suppression Value = new();
}

/// <summary>A <c>MetaData</c>.</summary>
internal sealed class MetaData : Value
{
    internal static readonly MetaData Value = new();
}

/// <summary>A <c>batch_alter_table</c>.</summary>
internal sealed class Batch(Value table, Value? schema) : Value
{
    internal Value Table { get; } = table;

    internal Value? Schema { get; } = schema;
}

/// <summary>A SQLAlchemy type.</summary>
/// <param name="text">As PostgreSQL writes it; null when not known.</param>
internal sealed class TypeValue(string? text) : Value
{
    internal string? Text { get; } = text;

    /// <summary>The native enum or the domain that the type is; null when it is none.</summary>
    internal ObjectName? EnumName { get; init; }

    /// <summary>What a domain demands; null when the type is none.</summary>
    internal DomainDefinition? Domain { get; init; }

    /// <summary>True when it is an enum whose name isn't known.</summary>
    internal bool UnknownEnum { get; init; }

    internal ValueList<string> Labels { get; init; } = [];

    /// <summary>False for <c>create_type=False</c>.</summary>
    internal bool CreatesType { get; init; } = true;

    /// <summary>True when the type brings a CHECK constraint along.</summary>
    internal bool ChecksValues { get; init; }

    /// <summary>The item type of an array.</summary>
    internal TypeValue? Item { get; init; }
}

/// <summary>A <c>sa.Column</c>: as a definition, or only its name in an expression.</summary>
internal sealed class ColumnValue(string? name) : Value
{
    internal string? Name { get; } = name;

    internal TypeValue? Type { get; init; }

    internal ColumnSpec? Spec { get; init; }

    internal bool PrimaryKey { get; init; }

    internal bool Unique { get; init; }

    internal bool Index { get; init; }

    /// <summary>Constraints written inside: foreign keys, checks.</summary>
    internal List<ConstraintSpec> Constraints { get; } = [];

    /// <summary>Set when an argument could not be followed.</summary>
    internal string? Unfollowed { get; init; }

    /// <summary>Set when a <c>Sequence</c> is created along with it.</summary>
    internal ObjectName? OwnSequence { get; init; }
}

/// <summary>A constraint as an argument of <c>create_table</c>; <see cref="Spec"/> is null when not known.</summary>
internal sealed class ConstraintValue(ConstraintSpec? spec) : Value
{
    internal ConstraintSpec? Spec { get; } = spec;
}

/// <summary>An index as an argument of <c>create_table</c> or by itself.</summary>
internal sealed class IndexValue(string? name, List<Value> keys, bool unique) : Value
{
    internal string? Name { get; } = name;

    internal List<Value> Keys { get; } = keys;

    internal bool Unique { get; } = unique;

    internal string? Predicate { get; init; }

    internal TableValue? Table { get; init; }

    /// <summary>What it was made with.</summary>
    internal CallArguments Options { get; init; } = new();
}

/// <summary>A <c>Sequence</c>.</summary>
internal sealed class SequenceObject(ObjectName? name) : Value
{
    internal ObjectName? Name { get; } = name;
}

/// <summary><c>Identity()</c>, <c>Computed()</c> or <c>FetchedValue()</c>.</summary>
internal sealed class GeneratedValue(GenerationKind kind, string expression) : Value
{
    internal GenerationKind Kind { get; } = kind;

    internal string Expression { get; } = expression;
}

internal enum GenerationKind
{
    Identity,
    Computed,
    Fetched,
}

/// <summary>A table in an expression or of an ORM model; the name is null when not known.</summary>
internal sealed class TableValue(ObjectName? name, List<Value> parts) : Value
{
    internal ObjectName? Name { get; } = name;

    /// <summary>Its columns and constraints.</summary>
    internal List<Value> Parts { get; } = parts;

    /// <summary>The ORM model that it belongs to; null when it is none of this file.</summary>
    internal Class? Model { get; init; }
}

/// <summary>The columns of a table: <c>table.c</c>.</summary>
internal sealed class ColumnsOf : Value
{
    internal static readonly ColumnsOf Value = new();
}

/// <summary>An SQL expression or text.</summary>
/// <param name="text">The SQL; null when not known.</param>
internal sealed class SqlExpression(string? text) : Value
{
    internal string? Text { get; } = text;

    /// <summary>A statement of its own (<c>sa.text</c>, <c>DDL</c>), that can be executed.</summary>
    internal bool IsStatement { get; init; }

    /// <summary>The line where the text begins, when its line breaks are those of the file; 0 otherwise.</summary>
    internal int Line { get; init; }

    /// <summary>A function that may have an effect of its own when it is evaluated.</summary>
    internal string? Effect { get; init; }
}

/// <summary>An SQLAlchemy Core statement.</summary>
internal sealed class CoreStatement(StatementKind kind, TableValue? table) : Value
{
    internal StatementKind Kind { get; } = kind;

    internal TableValue? Table { get; } = table;

    /// <summary>The columns that it sets; for an insert those set on conflict.</summary>
    internal ValueList<string> Columns { get; init; } = [];

    /// <summary>A function that may have an effect of its own, or a part that changes rows.</summary>
    internal string? Effect { get; init; }

    /// <summary>A query for what may be ORM models: its rows may be objects whose changes are written back.</summary>
    internal bool MayLoadRows { get; init; }

    /// <summary>What a part of it (a CTE) does besides.</summary>
    internal List<CoreStatement> Parts { get; init; } = [];
}

internal enum StatementKind
{
    Select,
    Insert,
    Update,
    Delete,
}

/// <summary>A DDL element: <c>CreateSequence</c>, <c>DropTable</c>, …</summary>
internal sealed class DdlElement(string name, Value subject) : Value
{
    internal string Name { get; } = name;

    internal Value Subject { get; } = subject;
}

/// <summary>An ORM query, its rows, or one of them: setting an attribute writes to the table.</summary>
internal sealed class Query(TableValue? entity, bool isRow) : Value
{
    internal TableValue? Entity { get; } = entity;

    internal bool IsRow { get; } = isRow;

    /// <summary>Set for what an attribute of a row holds: a list or dict of a column, or a related row. Changing it in place is a change of rows.</summary>
    internal bool IsPart { get; init; }

    /// <summary>The row's table, where it is known that the part belongs to one of its columns.</summary>
    internal TableValue? Of { get; init; }

    /// <summary>That column.</summary>
    internal string? Column { get; init; }
}
