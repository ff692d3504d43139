using System.Globalization;
using Runback.Runbook.Databases;

namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>The column of a table that tells when a row was written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Zone">For a column without a time zone: the one its values are in, as an SQL expression; null for one with a time zone.</param>
internal sealed record WrittenColumn(string Name, string? Zone)
{
    private static readonly string[] Clocks = ["now()", "CURRENT_TIMESTAMP", "clock_timestamp()", "statement_timestamp()", "transaction_timestamp()", "LOCALTIMESTAMP"];
    private static readonly string[] Made = ["created", "inserted"];
    private static readonly string[] Touched = ["updated", "modified"];

    /// <summary>
    /// The timestamp column that the server fills with the present, else one that is called so; null when there is none. Of several
    /// the one that says when a row was made. A column that is itself lost tells as well.
    /// </summary>
    public static WrittenColumn? Of(CatalogObject table, IReadOnlyList<CatalogObject> lost, CatalogSnapshot schema)
    {
        var column = schema.Objects.Where(found => found.Kind == CatalogKind.Column && found.Table == table.Identity && IsTimestamp(found))
            .Select(found => (Column: found, Rank: Rank(found), Lost: lost.Contains(found)))
            .Where(found => found.Rank is not null).OrderBy(found => found.Rank).ThenBy(found => found.Lost).ThenBy(found => found.Column.Identity, StringComparer.Ordinal)
            .Select(found => found.Column).FirstOrDefault();
        if (column is null)
            return null;
        var zone = column["type"]!.Contains("with time zone", StringComparison.Ordinal)
            ? null
            : column["default"]?.Contains("utc", StringComparison.OrdinalIgnoreCase) == true ? "'UTC'" : "current_setting('TimeZone')";
        return new WrittenColumn(column.Path[^1], zone);
    }

    /// <summary>The condition that a row was written at or after a moment.</summary>
    public string Since(DateTimeOffset moment)
    {
        var literal = $"'{moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'::timestamptz";
        return $"{SqlText.Identifier(Name)} >= {(Zone is null ? literal : $"({literal} AT TIME ZONE {Zone})")}";
    }

    private static bool IsTimestamp(CatalogObject column) => column["type"]!.StartsWith("timestamp", StringComparison.Ordinal) && !column["type"]!.EndsWith(']');

    private static int? Rank(CatalogObject column)
    {
        var name = column.Path[^1];
        var made = Made.Any(word => name.StartsWith(word, StringComparison.OrdinalIgnoreCase));
        if (column["default"] is { } value && Clocks.Any(clock => value.Contains(clock, StringComparison.OrdinalIgnoreCase)))
            return made ? 0 : 1;
        return made ? 2 : Touched.Any(word => name.StartsWith(word, StringComparison.OrdinalIgnoreCase)) ? 3 : null;
    }
}
