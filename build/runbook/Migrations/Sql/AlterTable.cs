using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>ALTER TABLE</c>, each of its actions (PostgreSQL manual, <c>ALTER TABLE</c>).</summary>
internal static class AlterTable
{
    /// <summary>Reads what follows <c>ALTER TABLE</c> (or <c>ALTER FOREIGN TABLE</c>).</summary>
    public static void Read(StatementReader reader, ObjectKind kind)
    {
        if (reader.Sees("all", "in", "tablespace"))
            throw reader.Unexpected("a table's name");
        reader.IfExists();
        reader.Try("only");
        var table = reader.Name();
        reader.TryMark("*");
        foreach (var action in reader.Items())
        {
            Action(action, table, kind);
            reader.Absorb(action);
        }
    }

    private static void Action(StatementReader reader, ObjectName table, ObjectKind kind)
    {
        if (reader.Try("add"))
            Add(reader, table);
        else if (reader.Try("drop"))
            Drop(reader, table);
        else if (reader.Try("alter", "constraint"))
            reader.Add(new ConstraintAltered(table, reader.Identifier(), reader.Text(reader.Until(() => false))));
        else if (reader.Try("alter"))
            AlterColumn.Read(reader, table);
        else if (reader.Try("rename"))
            Rename(reader, table, kind);
        else if (reader.Try("validate", "constraint"))
            reader.Add(new ConstraintValidated(table, reader.Identifier()));
        else if (reader.TryAny("enable", "disable"))
            Switch(reader, table);
        else if (reader.Try("force"))
            RowLevelSecurity(reader, table, RowSecurity.Forced);
        else if (reader.Try("no", "force"))
            RowLevelSecurity(reader, table, RowSecurity.NotForced);
        else if (reader.Try("no", "inherit"))
            reader.Add(new InheritanceChanged(reader.Name(), table, Inherits: false));
        else if (reader.Try("inherit"))
            reader.Add(new InheritanceChanged(reader.Name(), table, Inherits: true));
        else if (reader.Try("owner", "to"))
        {
            reader.Identifier();
            reader.Add(new OwnerChanged(kind, table));
        }
        else
            Partitions(reader, table, kind);
    }

    private static void Partitions(StatementReader reader, ObjectName table, ObjectKind kind)
    {
        if (reader.Try("attach", "partition"))
        {
            reader.Add(new PartitionAttached(table, reader.Name()));
            if (!reader.Try("default"))
            {
                reader.Expect("for", "values");
                reader.Until(() => false);
            }
        }
        else if (reader.Try("detach", "partition"))
        {
            reader.Add(new PartitionDetached(table, reader.Name()));
            reader.TryAny("concurrently", "finalize");
        }
        else
            Storage(reader, table, kind);
    }

    private static void Storage(StatementReader reader, ObjectName table, ObjectKind kind)
    {
        if (reader.Try("set", "schema"))
            reader.Add(new ObjectRenamed(kind, table, ObjectName.Of(table.Name, reader.Identifier())));
        else if (reader.Try("cluster", "on") || reader.Try("set", "tablespace"))
        {
            reader.Identifier();
            reader.Add(new Harmless($"storage of {table}"));
        }
        else if (reader.Try("set", "without", "cluster"))
            reader.Add(new Harmless($"storage of {table}"));
        else if ((reader.Sees("set") || reader.Sees("reset")) && reader.Peek(1).Is("("))
        {
            reader.Take();
            reader.Parentheses();
            reader.Add(new Harmless($"storage options of {table}"));
        }
        else if (reader.Try("set", "logged") || reader.Try("set", "unlogged"))
            reader.Add(new ObjectAltered(kind, table, "logged or unlogged"));
        else if (reader.Try("set", "access", "method"))
            reader.Add(new ObjectAltered(kind, table, $"access method {reader.Identifier()}"));
        else if (reader.Try("replica", "identity"))
            reader.Add(new ObjectAltered(kind, table, "replica identity " + reader.Text(reader.Until(() => false))));
        else
            throw reader.Unexpected("an action of ALTER TABLE");
    }

    private static void Add(StatementReader reader, ObjectName table)
    {
        if (ConstraintDefinition.IsNext(reader))
        {
            reader.Add(new ConstraintAdded(table, ConstraintDefinition.Read(reader)));
            return;
        }
        reader.Try("column");
        var ifNotExists = reader.IfNotExists();
        var (column, constraints) = ColumnDefinition.Read(reader);
        reader.Add(new ColumnAdded(table, column) { IfNotExists = ifNotExists });
        foreach (var constraint in constraints)
            reader.Add(new ConstraintAdded(table, constraint));
    }

    private static void Drop(StatementReader reader, ObjectName table)
    {
        if (reader.Try("constraint"))
        {
            var ifExists = reader.IfExists();
            var name = reader.Identifier();
            reader.Add(new ConstraintDropped(table, name, null) { IfExists = ifExists, Cascade = reader.Cascade() });
        }
        else
        {
            reader.Try("column");
            var ifExists = reader.IfExists();
            var name = reader.Identifier();
            reader.Add(new ColumnDropped(table, name) { IfExists = ifExists, Cascade = reader.Cascade() });
        }
    }

    private static void Rename(StatementReader reader, ObjectName table, ObjectKind kind)
    {
        if (reader.Try("to"))
            reader.Add(new ObjectRenamed(kind, table, table.Sibling(reader.Identifier())));
        else if (reader.Try("constraint"))
        {
            var name = reader.Identifier();
            reader.Expect("to");
            reader.Add(new ConstraintRenamed(table, name, reader.Identifier()));
        }
        else
        {
            reader.Try("column");
            var name = reader.Identifier();
            reader.Expect("to");
            reader.Add(new ColumnRenamed(table, name, reader.Identifier()));
        }
    }

    private static void Switch(StatementReader reader, ObjectName table)
    {
        var enable = reader.Previous.IsWord("enable");
        if (reader.Sees("row"))
        {
            RowLevelSecurity(reader, table, enable ? RowSecurity.Enabled : RowSecurity.Disabled);
            return;
        }
        reader.TryAny("replica", "always");
        if (reader.Try("trigger"))
            reader.Add(new TriggerAltered(table, reader.Identifier(), enable));
        else if (reader.Try("rule"))
            reader.Add(new RewriteRuleAltered(table, reader.Identifier()));
        else
            throw reader.Unexpected("TRIGGER, RULE or ROW LEVEL SECURITY");
    }

    private static void RowLevelSecurity(StatementReader reader, ObjectName table, RowSecurity to)
    {
        reader.Expect("row", "level", "security");
        reader.Add(new RowSecurityChanged(table, to));
    }
}
