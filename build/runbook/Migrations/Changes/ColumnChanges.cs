namespace Runback.Runbook.Migrations.Changes;

/// <summary>A column as its creation describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as PostgreSQL would write it (<c>varchar(40)</c>, <c>timestamp with time zone</c>); null when not known.</param>
public sealed record ColumnSpec(string Name, string? Type)
{
    /// <summary>False when <c>NOT NULL</c> or part of the primary key, and when the reader could not tell.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>The server default's expression as written; null when there is none. A Python-side default is none.</summary>
    public string? Default { get; init; }

    /// <summary>An identity or serial column: the server numbers it.</summary>
    public bool Identity { get; init; }

    /// <summary>A generated column's expression; null when it is not generated.</summary>
    public string? Generated { get; init; }

    /// <summary>True when an INSERT that does not name the column gets a value for it, or may leave it NULL.</summary>
    public bool Omittable => Nullable || FilledByServer;

    /// <summary>True when the server gives it a value in an INSERT that does not name it.</summary>
    public bool FilledByServer => Identity || Generated is not null || (Default is not null && !IsNull(Default));

    // DEFAULT NULL, NULL::text: written out, yet no value.
    private static bool IsNull(string expression)
    {
        var text = expression.AsSpan().Trim();
        return text.StartsWith("null", StringComparison.OrdinalIgnoreCase) && (text.Length == 4 || text[4..].TrimStart().StartsWith("::"));
    }
}

/// <summary>A column was added. Constraints written with it follow as <see cref="ConstraintAdded"/>.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
public sealed record ColumnAdded(ObjectName Table, ColumnSpec Column) : Change
{
    /// <summary><c>IF NOT EXISTS</c>: there may have been one already.</summary>
    public bool IfNotExists { get; init; }
}

/// <summary>A column was dropped.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
public sealed record ColumnDropped(ObjectName Table, string Column) : Change
{
    /// <summary><c>IF EXISTS</c>.</summary>
    public bool IfExists { get; init; }

    /// <summary><c>CASCADE</c>.</summary>
    public bool Cascade { get; init; }
}

/// <summary>A column got another name.</summary>
/// <param name="Table">The table or view.</param>
/// <param name="Column">The name before.</param>
/// <param name="NewName">The name after.</param>
public sealed record ColumnRenamed(ObjectName Table, string Column, string NewName) : Change;

/// <summary>A column's type (or collation) changed.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
/// <param name="From">The type before, where the migration says it (<c>existing_type</c>).</param>
/// <param name="To">The type after; null when not known.</param>
public sealed record ColumnTypeChanged(ObjectName Table, string Column, string? From, string? To) : Change
{
    /// <summary>The expression after <c>USING</c>; null when there is none.</summary>
    public string? Using { get; init; }
}

/// <summary><c>SET NOT NULL</c> or <c>DROP NOT NULL</c>.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
/// <param name="Nullable">True when NULL is allowed from now on.</param>
public sealed record ColumnNullabilityChanged(ObjectName Table, string Column, bool Nullable) : Change;

/// <summary><c>SET DEFAULT</c> or <c>DROP DEFAULT</c>.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
/// <param name="Default">The new expression as written; null when dropped.</param>
public sealed record ColumnDefaultChanged(ObjectName Table, string Column, string? Default) : Change;

/// <summary>Identity was added to a column, changed, or dropped from it.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
/// <param name="Alteration">Which of them.</param>
public sealed record ColumnIdentityChanged(ObjectName Table, string Column, Alteration Alteration) : Change;

/// <summary>A column's generation expression was set or dropped.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
/// <param name="Expression">The new expression; null when dropped.</param>
public sealed record ColumnGenerationChanged(ObjectName Table, string Column, string? Expression) : Change;

/// <summary>What was done to a property of an object.</summary>
public enum Alteration
{
    /// <summary>It was not there before.</summary>
    Added,
    /// <summary>It is there with other settings.</summary>
    Changed,
    /// <summary>It is gone.</summary>
    Dropped,
}
