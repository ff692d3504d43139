using Runback.Runbook.Databases;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>How data is lost.</summary>
public enum LossKind
{
    /// <summary>A table goes, with its rows.</summary>
    Table,
    /// <summary>A column goes, with its values.</summary>
    Column,
    /// <summary>Rows are deleted.</summary>
    RowsDeleted,
    /// <summary>Rows are updated: what they held is overwritten.</summary>
    RowsUpdated,
    /// <summary>Large objects go, or are no longer pointed to.</summary>
    LargeObjects,
    /// <summary>Rows that a lost table has on another server.</summary>
    ForeignRows,
}

/// <summary>What a downgrade destroys, in numbers counted before it.</summary>
/// <param name="Subject">A table, or a column: <c>bookings.access_notes</c>.</param>
/// <param name="Kind">How it is lost.</param>
/// <param name="Rows">Rows: of the table, or deleted, or updated; or large objects; null when they couldn't be counted.</param>
/// <param name="NonNull">For a column: values that aren't NULL.</param>
/// <param name="SinceBad">Of these (rows, or a column's values), how many were written since the bad release went live, where a column tells.</param>
/// <param name="SinceColumn">The column that tells.</param>
public sealed record LostData(string Subject, LossKind Kind, long? Rows, long? NonNull, long? SinceBad, string? SinceColumn)
{
    /// <summary>The table's schema, unquoted.</summary>
    public string Schema { get; init; } = "public";

    /// <summary>The table's name, unquoted.</summary>
    public string Table { get; init; } = Subject;

    /// <summary>Why it can't be kept in a dump before the downgrade, in words; null for what is kept there.</summary>
    public string? NotKept { get; init; }

    /// <summary>What no dump of single tables holds.</summary>
    internal static LostData Of(OutsideRows rows) => new(
        CatalogName.Short(rows.Name),
        rows.Kind switch { OutsideKind.LargeObjects => LossKind.LargeObjects, OutsideKind.Foreign => LossKind.ForeignRows, _ => LossKind.Table },
        rows.Count, null, null, null)
    {
        Schema = rows.Schema, Table = rows.Table, NotKept = rows.Why,
    };

    /// <summary>The same, of this table.</summary>
    internal LostData Of(CatalogObject table) => this with { Schema = table.Path[0], Table = table.Path[1] };
}
