using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.ForwardFixes;

/// <summary>Follows tables and columns by their names through the changes of a path: what something was called before it, and what after.</summary>
/// <param name="changes">All changes of the path, in order.</param>
internal sealed class PathNames(IReadOnlyList<Change> changes)
{
    /// <summary>The changes of the path, in order.</summary>
    public IReadOnlyList<Change> Changes { get; } = changes;

    /// <summary>What the table that is called so just before a change is called after the path; null when it is dropped.</summary>
    public ObjectName? Final(ObjectName table, int before)
    {
        for (var i = before; i < Changes.Count; i++)
        {
            if (Changes[i] is ObjectRenamed renamed && IsTable(renamed.Kind) && renamed.Name == table)
                table = renamed.NewName;
            else if (Changes[i] is ObjectDropped dropped && IsTable(dropped.Kind) && dropped.Name == table)
                return null;
        }
        return table;
    }

    /// <summary>What the table that is called so just before a change was called before the path.</summary>
    public ObjectName Original(ObjectName table, int before)
    {
        for (var i = before - 1; i >= 0; i--)
        {
            if (Changes[i] is ObjectRenamed renamed && IsTable(renamed.Kind) && renamed.NewName == table)
                table = renamed.Name;
        }
        return table;
    }

    /// <summary>What the column that is called so just before a change is called after the path; null when it, or its table, is dropped.</summary>
    public (ObjectName Table, string Column)? Final(ObjectName table, string column, int before)
    {
        for (var i = before; i < Changes.Count; i++)
        {
            switch (Changes[i])
            {
                case ObjectRenamed renamed when IsTable(renamed.Kind) && renamed.Name == table:
                    table = renamed.NewName;
                    break;
                case ObjectDropped dropped when IsTable(dropped.Kind) && dropped.Name == table:
                    return null;
                case ColumnRenamed renamed when renamed.Table == table && renamed.Column == column:
                    column = renamed.NewName;
                    break;
                case ColumnDropped dropped when dropped.Table == table && dropped.Column == column:
                    return null;
            }
        }
        return (table, column);
    }

    /// <summary>What the column that is called so just before a change was called before the path.</summary>
    public (ObjectName Table, string Column) Original(ObjectName table, string column, int before)
    {
        for (var i = before - 1; i >= 0; i--)
        {
            switch (Changes[i])
            {
                case ObjectRenamed renamed when IsTable(renamed.Kind) && renamed.NewName == table:
                    table = renamed.Name;
                    break;
                case ColumnRenamed renamed when renamed.Table == table && renamed.NewName == column:
                    column = renamed.Column;
                    break;
            }
        }
        return (table, column);
    }

    private static bool IsTable(ObjectKind kind) => kind is ObjectKind.Table or ObjectKind.ForeignTable;
}
