using Runback.Runbook.Databases;

namespace Runback.Runbook.Drills;

/// <summary>A table's rows before and after a drill's rollback.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Before">Rows before, or null when there was no such table.</param>
/// <param name="After">Rows after, or null when there is no such table.</param>
public sealed record TableChange(string Table, long? Before, long? After)
{
    /// <summary>Pairs two counts by the tables' names, in their order.</summary>
    public static IReadOnlyList<TableChange> Between(IReadOnlyList<TableRows> before, IReadOnlyList<TableRows> after)
    {
        var was = before.ToDictionary(table => table.Name, table => table.Rows, StringComparer.Ordinal);
        var now = after.ToDictionary(table => table.Name, table => table.Rows, StringComparer.Ordinal);
        return [.. was.Keys.Union(now.Keys).Order(StringComparer.Ordinal).Select(name => new TableChange(name, was.GetValueOrDefault(name), now.GetValueOrDefault(name)))];
    }
}
