using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.ForwardFixes;

/// <summary>One operation of a fixing migration, independent of how the file writes it. The set is closed.</summary>
public abstract record FixOperation
{
    private protected FixOperation()
    {
    }
}

/// <summary>Adds a column, nullable.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column's name.</param>
/// <param name="Type">Its type as PostgreSQL writes it.</param>
public sealed record AddColumn(ObjectName Table, string Column, string Type) : FixOperation
{
    /// <summary>Its default's expression; null for none.</summary>
    public string? Default { get; init; }
}

/// <summary>Drops a column.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column's name.</param>
public sealed record RemoveColumn(ObjectName Table, string Column) : FixOperation;

/// <summary>Sets or drops NOT NULL.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column's name.</param>
/// <param name="Nullable">True when NULL is allowed afterwards.</param>
public sealed record SetNullable(ObjectName Table, string Column, bool Nullable) : FixOperation;

/// <summary>One SQL statement.</summary>
/// <param name="Lines">Its lines; joined by any white space they mean the same. None ends with a semicolon.</param>
public sealed record RunSql(ValueList<string> Lines) : FixOperation
{
    /// <summary>A statement of one line.</summary>
    public static RunSql Of(string line) => new([line]);
}

/// <summary>A sentence for the person who reads the file.</summary>
/// <param name="Text">The sentence; one line.</param>
public sealed record Remark(string Text) : FixOperation;
