using System.Globalization;
using Runback.Runbook.Backups;

namespace Runback.Runbook.Restores;

/// <summary>What a restore gives up, for people.</summary>
public static class RowsSinceText
{
    private const int MostTables = 4;

    /// <summary>It in a line, for the page of choices.</summary>
    public static string Line(RowsSince since)
    {
        var losing = since.Losing.ToList();
        if (losing.Count == 0)
        {
            return since.SeesChanges ? $"nothing that was written {Window(since)}"
                : $"no new rows that were written {Window(since)}; rows that were changed or removed then aren't told, and are as they were in the database that is put aside";
        }
        var named = losing.OrderByDescending(table => table.Since ?? long.MaxValue).Take(MostTables).Select(Table);
        return $"what was written {Window(since)}: {string.Join(", ", named)}{(losing.Count > MostTables ? $", and {losing.Count - MostTables} more tables" : "")}; it stays in the database that is put aside";
    }

    /// <summary>The lines after a restore: per table what only the old database has, and how to bring it over.</summary>
    public static IEnumerable<string> Lines(RowsSince since)
    {
        yield return Line(since);
        foreach (var table in since.Losing)
        {
            yield return $"  {Table(table)}{(table.Column is null ? "" : $" (told by {table.Column})")}";
            if (table.TakeCommand is { } take)
                yield return $"    take: {take}";
            if (table.BringCommand is { } bring)
                yield return $"    bring over: {bring}";
        }
    }

    private static string Window(RowsSince since) => since.From is { } from
        ? string.Create(CultureInfo.InvariantCulture, $"between {from.UtcDateTime:yyyy-MM-dd HH:mm:ss} and {since.To.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC")
        : "since the backup";

    private static string Table(TableSince table) =>
        $"{table.Name}: {(table.Since is { } rows ? Bytes.Grouped(rows) : "an unknown number of")} rows ({Count(table.Now)} now, {Count(table.Restored)} in the backup)";

    private static string Count(long? rows) => rows is { } known ? Bytes.Grouped(known) : "unknown";
}
