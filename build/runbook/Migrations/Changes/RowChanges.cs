namespace Runback.Runbook.Migrations.Changes;

/// <summary>Rows were inserted or copied in.</summary>
/// <param name="Table">The table; null when not known.</param>
public sealed record RowsInserted(ObjectName? Table) : Change
{
    /// <summary>What <c>ON CONFLICT … DO UPDATE</c> sets in rows that were there; empty otherwise.</summary>
    public ValueList<string> Updates { get; init; } = [];
}

/// <summary>Rows were updated.</summary>
/// <param name="Table">The table; null when not known.</param>
/// <param name="Columns">The columns that are set; empty when not known.</param>
public sealed record RowsUpdated(ObjectName? Table, ValueList<string> Columns) : Change;

/// <summary>Rows were deleted.</summary>
/// <param name="Table">The table; null when not known.</param>
public sealed record RowsDeleted(ObjectName? Table) : Change;

/// <summary>A table was emptied by <c>TRUNCATE</c>.</summary>
/// <param name="Table">The table.</param>
public sealed record TableTruncated(ObjectName Table) : Change
{
    /// <summary><c>CASCADE</c>: tables that point to it are emptied as well.</summary>
    public bool Cascade { get; init; }
}
