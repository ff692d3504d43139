using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>CREATE TABLE</c> with columns, <c>AS</c>, <c>LIKE</c>, <c>PARTITION OF</c>, <c>INHERITS</c>.</summary>
internal static class CreateTable
{
    private static readonly string[] Kinds = ["temp", "temporary", "unlogged", "global", "local"];

    /// <summary>True when the statement, after <c>CREATE</c>, makes a table.</summary>
    public static bool IsNext(StatementReader reader)
    {
        var words = 0;
        while (reader.Peek(words) is { Kind: TokenKind.Word } token && Kinds.Contains(token.Value))
            words++;
        return reader.Peek(words).IsWord("table");
    }

    /// <summary>Reads one statement.</summary>
    public static void Read(StatementReader reader)
    {
        var temporary = false;
        while (!reader.Try("table"))
            temporary |= reader.Take().Value is "temp" or "temporary";
        var ifNotExists = reader.IfNotExists();
        var table = new TableCreated(reader.Name(), []) { IfNotExists = ifNotExists, Temporary = temporary };
        var parts = new List<Change>();
        if (reader.Try("partition", "of"))
            table = Partition(reader, table);
        else if (reader.Next.Is("("))
            table = Elements(reader.Over(reader.Parentheses()), table, parts);
        table = Options(reader, table);
        reader.Add(table);
        if (reader.Try("as"))
        {
            RowStatements.Query(reader);
            return;
        }
        foreach (var part in parts)
            reader.Add(part);
    }

    private static TableCreated Elements(StatementReader inside, TableCreated table, List<Change> parts)
    {
        if (inside.AtEnd)
            return table;
        var columns = new List<ColumnSpec>();
        foreach (var item in inside.Items())
        {
            if (item.Try("like"))
            {
                item.Name();
                while (item.TryAny("including", "excluding"))
                    item.Identifier();
            }
            else if (ConstraintDefinition.IsNext(item))
                parts.Add(new ConstraintAdded(table.Name, ConstraintDefinition.Read(item)) { WithTable = true });
            else if (item.Next.IsName && item.Peek(1) == default)
                item.Take(); // CREATE TABLE t (a, b) AS SELECT …
            else
            {
                var (column, constraints) = ColumnDefinition.Read(item);
                columns.Add(column);
                parts.AddRange(constraints.Select(constraint => new ConstraintAdded(table.Name, constraint) { WithTable = true }));
            }
            item.End();
        }
        return table with { Columns = columns.ToValueList() };
    }

    private static TableCreated Partition(StatementReader reader, TableCreated table)
    {
        table = table with { PartitionOf = reader.Name() };
        if (reader.Next.Is("("))
        {
            reader.Parentheses();
            table = table with { PartitionNarrows = true };
        }
        if (reader.Try("default"))
            return table;
        reader.Expect("for", "values");
        if (reader.Try("in") || reader.Try("with"))
            reader.Parentheses();
        else
        {
            reader.Expect("from");
            reader.Parentheses();
            reader.Expect("to");
            reader.Parentheses();
        }
        return table;
    }

    private static TableCreated Options(StatementReader reader, TableCreated table)
    {
        while (true)
        {
            if (reader.Try("inherits"))
                table = table with { Inherits = reader.Over(reader.Parentheses()).Names().ToValueList() };
            else if (reader.Try("partition", "by"))
            {
                reader.Identifier();
                reader.Parentheses();
            }
            else if (reader.TryAny("using", "tablespace"))
                reader.Identifier();
            else if (reader.Try("without"))
                reader.Expect("oids");
            else if (reader.Sees("with") && reader.Peek(1).Is("("))
            {
                reader.Take();
                reader.Parentheses();
            }
            else if (reader.Try("on", "commit"))
                reader.Until(() => reader.Sees("as"));
            else
                return table;
        }
    }
}
