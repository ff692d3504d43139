using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>ALTER [COLUMN] name …</c> inside <c>ALTER TABLE</c>.</summary>
internal static class AlterColumn
{
    /// <summary>Reads what follows <c>ALTER</c>.</summary>
    public static void Read(StatementReader reader, ObjectName table)
    {
        reader.Try("column");
        var column = reader.Identifier();
        if (reader.Try("type") || reader.Try("set", "data", "type"))
            Type(reader, table, column);
        else if (reader.Try("set", "default"))
            reader.Add(new ColumnDefaultChanged(table, column, reader.Text(reader.Until(() => false)) is var text && IsNull(text) ? null : text));
        else if (reader.Try("drop", "default"))
            reader.Add(new ColumnDefaultChanged(table, column, null));
        else if (reader.Try("set", "not", "null"))
            reader.Add(new ColumnNullabilityChanged(table, column, Nullable: false));
        else if (reader.Try("drop", "not", "null"))
            reader.Add(new ColumnNullabilityChanged(table, column, Nullable: true));
        else if (reader.Try("drop", "identity"))
            Identity(reader, table, column, Alteration.Dropped);
        else if (reader.Sees("add", "generated"))
            Identity(reader, table, column, Alteration.Added);
        else if (reader.Sees("set", "generated") || reader.SeesAny("restart") || IsSequenceOption(reader))
            Identity(reader, table, column, Alteration.Changed);
        else if (reader.Try("drop", "expression"))
        {
            reader.IfExists();
            reader.Add(new ColumnGenerationChanged(table, column, null));
        }
        else if (reader.Try("set", "expression", "as"))
            reader.Add(new ColumnGenerationChanged(table, column, reader.Text(reader.Parentheses())));
        else
            Storage(reader, table, column);
    }

    private static void Type(StatementReader reader, ObjectName table, string column)
    {
        var type = TypeReader.Read(reader);
        var collates = reader.Try("collate") && reader.Name() is not null;
        var expression = reader.Try("using") ? reader.Text(reader.Until(() => false)) : null;
        reader.Add(new ColumnTypeChanged(table, column, From: null, collates ? null : type) { Using = expression });
    }

    // All of these but RESTART are followed to the end: the options of a sequence change nothing else.
    private static void Identity(StatementReader reader, ObjectName table, string column, Alteration alteration)
    {
        reader.Until(() => false);
        reader.Add(new ColumnIdentityChanged(table, column, alteration));
    }

    private static bool IsSequenceOption(StatementReader reader) =>
        reader.Sees("set") && reader.Peek(1).Value is "increment" or "minvalue" or "maxvalue" or "no" or "start" or "restart" or "cache" or "cycle";

    private static void Storage(StatementReader reader, ObjectName table, string column)
    {
        if (reader.Try("set", "statistics"))
        {
            reader.TryMark("-");
            reader.Take();
        }
        else if (reader.Try("set", "storage") || reader.Try("set", "compression"))
            reader.Identifier();
        else if (reader.TryAny("set", "reset"))
            reader.Parentheses();
        else
            throw reader.Unexpected("an action of ALTER COLUMN");
        reader.Add(new Harmless($"storage of {table.Part(column)}"));
    }

    private static bool IsNull(string text) => text.Equals("null", StringComparison.OrdinalIgnoreCase);
}
