using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>ALTER …</c> of everything.</summary>
internal static class AlterStatements
{
    private static readonly (string[] Words, ObjectKind Kind)[] Others =
    [
        (["materialized", "view"], ObjectKind.MaterializedView), (["view"], ObjectKind.View),
        (["function"], ObjectKind.Function), (["procedure"], ObjectKind.Procedure), (["routine"], ObjectKind.Function), (["aggregate"], ObjectKind.Aggregate),
        (["schema"], ObjectKind.Schema), (["extension"], ObjectKind.Extension), (["statistics"], ObjectKind.Statistics),
        (["collation"], ObjectKind.Collation), (["event", "trigger"], ObjectKind.EventTrigger), (["publication"], ObjectKind.Publication),
        (["subscription"], ObjectKind.Subscription), (["role"], ObjectKind.Role), (["user"], ObjectKind.Role), (["group"], ObjectKind.Role),
        (["server"], ObjectKind.ForeignServer), (["text", "search", "configuration"], ObjectKind.TextSearch),
        (["text", "search", "dictionary"], ObjectKind.TextSearch), (["language"], ObjectKind.Language), (["database"], ObjectKind.Database),
    ];

    /// <summary>Reads one statement.</summary>
    public static void Read(StatementReader reader)
    {
        reader.Expect("alter");
        if (reader.Try("table"))
            AlterTable.Read(reader, ObjectKind.Table);
        else if (reader.Try("foreign", "table"))
            AlterTable.Read(reader, ObjectKind.ForeignTable);
        else if (reader.Try("index"))
            Index(reader);
        else if (reader.Try("sequence"))
            Sequence(reader);
        else if (reader.Try("type"))
            AlterType.Type(reader);
        else if (reader.Try("domain"))
            AlterType.Domain(reader);
        else if (reader.Try("policy"))
            Policy(reader);
        else if (reader.Try("trigger"))
            Trigger(reader);
        else if (reader.Try("rule"))
            Rule(reader);
        else if (reader.Try("default", "privileges"))
            PrivilegeStatements.Defaults(reader);
        else
            Other(reader);
    }

    private static void Other(StatementReader reader)
    {
        foreach (var (words, kind) in Others)
        {
            if (!reader.Try(words))
                continue;
            reader.IfExists();
            var name = reader.Name();
            if (reader.Next.Is("("))
                reader.Parentheses();
            Common(reader, kind, name);
            return;
        }
        throw reader.Unexpected("a kind of object");
    }

    private static void Common(StatementReader reader, ObjectKind kind, ObjectName name)
    {
        if (reader.Try("rename", "to"))
            reader.Add(new ObjectRenamed(kind, name, name.Sibling(reader.Identifier())));
        else if (reader.Sees("rename") && kind is ObjectKind.View or ObjectKind.MaterializedView)
        {
            reader.Expect("rename");
            reader.Try("column");
            var column = reader.Identifier();
            reader.Expect("to");
            reader.Add(new ColumnRenamed(name, column, reader.Identifier()));
        }
        else if (reader.Try("set", "schema"))
            reader.Add(new ObjectRenamed(kind, name, ObjectName.Of(name.Name, reader.Identifier())));
        else if (reader.Try("owner", "to"))
        {
            reader.Identifier();
            reader.Add(new OwnerChanged(kind, name));
        }
        else
            reader.Add(new ObjectAltered(kind, name, reader.Text(reader.Until(() => false))));
    }

    private static void Index(StatementReader reader)
    {
        reader.IfExists();
        var name = reader.Name();
        if (reader.Try("rename", "to"))
            reader.Add(new IndexRenamed(name, reader.Identifier()));
        else if (reader.TryAny("set", "reset", "alter", "attach", "no", "depends"))
        {
            reader.Until(() => false);
            reader.Add(new Harmless($"storage of index {name}"));
        }
        else
            throw reader.Unexpected("an action of ALTER INDEX");
    }

    private static void Sequence(StatementReader reader)
    {
        reader.IfExists();
        var name = reader.Name();
        if (reader.Sees("restart"))
        {
            reader.Until(() => false);
            reader.Add(new SequenceValueSet(name));
        }
        else if (reader.Try("owned", "by"))
        {
            if (!reader.Try("none"))
                reader.Name();
            reader.Add(new Harmless($"owner column of sequence {name}"));
        }
        else
            Common(reader, ObjectKind.Sequence, name);
    }

    private static void Policy(StatementReader reader)
    {
        var name = reader.Identifier();
        reader.Expect("on");
        reader.Add(new PolicyAltered(reader.Name(), name));
        reader.Until(() => false);
    }

    private static void Trigger(StatementReader reader)
    {
        var name = reader.Identifier();
        reader.Expect("on");
        reader.Add(new TriggerAltered(reader.Name(), name, Enabled: null));
        reader.Until(() => false);
    }

    private static void Rule(StatementReader reader)
    {
        var name = reader.Identifier();
        reader.Expect("on");
        reader.Add(new RewriteRuleAltered(reader.Name(), name));
        reader.Until(() => false);
    }
}
