using Runback.Runbook.Databases;

namespace Runback.Runbook.Restores;

/// <summary>By what the rows of a table are told that were written after the backup.</summary>
public enum RowKey
{
    /// <summary>By a number that the database counts up: rows above the highest in the backup. Changed and removed rows aren't seen.</summary>
    Number,

    /// <summary>By the time that a row was made: rows after the backup's last. Changed and removed rows aren't seen.</summary>
    Time,

    /// <summary>By comparing whole rows: new ones and the new versions of changed ones.</summary>
    WholeRow,

    /// <summary>The restored database has no such table: all rows.</summary>
    NoTable,

    /// <summary>There are too many rows to compare, and nothing tells when they were written.</summary>
    None,
}

/// <summary>What a table lost by going back.</summary>
/// <param name="Schema">Its schema.</param>
/// <param name="Table">Its name.</param>
/// <param name="Now">Rows in the database as it was before the restore.</param>
/// <param name="Restored">Rows in the backup; null when it has no such table, or nobody counted.</param>
/// <param name="Key">By what new rows are told.</param>
/// <param name="Since">Rows that only the database before the restore has; null when that isn't known.</param>
public sealed record TableSince(string Schema, string Table, long? Now, long? Restored, RowKey Key, long? Since)
{
    /// <summary>The column of <see cref="RowKey.Number"/> or <see cref="RowKey.Time"/>.</summary>
    public string? Column { get; init; }

    /// <summary>The line that writes those rows into a file; null in an estimate, and when there are none.</summary>
    public string? TakeCommand { get; init; }

    /// <summary>The line that puts the file's rows into the restored database; null when it has no such table.</summary>
    public string? BringCommand { get; init; }

    /// <summary>The table's name for people.</summary>
    public string Name => SqlText.Readable(Schema, Table);

    /// <summary>Whether anything in it is lost, or may be: what isn't known counts.</summary>
    public bool Loses => Since != 0 || Now != Restored;
}
