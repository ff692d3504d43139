using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>DROP …</c>.</summary>
internal static class DropStatements
{
    private static readonly (string[] Words, ObjectKind Kind)[] Kinds =
    [
        (["table"], ObjectKind.Table), (["foreign", "table"], ObjectKind.ForeignTable),
        (["materialized", "view"], ObjectKind.MaterializedView), (["view"], ObjectKind.View),
        (["function"], ObjectKind.Function), (["routine"], ObjectKind.Function), (["procedure"], ObjectKind.Procedure), (["aggregate"], ObjectKind.Aggregate),
        (["sequence"], ObjectKind.Sequence), (["type"], ObjectKind.Type), (["domain"], ObjectKind.Domain),
        (["schema"], ObjectKind.Schema), (["extension"], ObjectKind.Extension), (["statistics"], ObjectKind.Statistics),
        (["collation"], ObjectKind.Collation), (["conversion"], ObjectKind.Collation), (["event", "trigger"], ObjectKind.EventTrigger),
        (["publication"], ObjectKind.Publication), (["subscription"], ObjectKind.Subscription),
        (["role"], ObjectKind.Role), (["user"], ObjectKind.Role), (["group"], ObjectKind.Role), (["server"], ObjectKind.ForeignServer),
        (["foreign", "data", "wrapper"], ObjectKind.ForeignServer),
        (["text", "search", "configuration"], ObjectKind.TextSearch), (["text", "search", "dictionary"], ObjectKind.TextSearch),
        (["text", "search", "parser"], ObjectKind.TextSearch), (["text", "search", "template"], ObjectKind.TextSearch),
        (["procedural", "language"], ObjectKind.Language), (["language"], ObjectKind.Language), (["database"], ObjectKind.Database),
    ];

    /// <summary>Reads one statement.</summary>
    public static void Read(StatementReader reader)
    {
        reader.Expect("drop");
        if (reader.Try("index"))
            Index(reader);
        else if (reader.Try("trigger"))
            OnTable(reader, (table, name, ifExists) => new TriggerDropped(table, name) { IfExists = ifExists });
        else if (reader.Try("policy"))
            OnTable(reader, (table, name, _) => new PolicyDropped(table, name));
        else if (reader.Try("rule"))
            OnTable(reader, (table, name, _) => new RewriteRuleAltered(table, name));
        else if (reader.Try("cast"))
        {
            reader.IfExists();
            reader.Add(new ObjectDropped(ObjectKind.Cast, ObjectName.Of(reader.Text(reader.Parentheses()))) { Cascade = reader.Cascade() });
        }
        else if (reader.Try("operator"))
            reader.Add(new ObjectDropped(ObjectKind.Operator, ObjectName.Of(reader.Text(reader.Until(() => false)))));
        else
            Objects(reader);
    }

    private static void Objects(StatementReader reader)
    {
        foreach (var (words, kind) in Kinds)
        {
            if (!reader.Try(words))
                continue;
            var ifExists = reader.IfExists();
            var names = new List<ObjectName>();
            do
            {
                names.Add(reader.Name());
                if (reader.Next.Is("("))
                    reader.Parentheses();
            }
            while (reader.TryMark(","));
            var cascade = reader.Cascade();
            foreach (var name in names)
                reader.Add(new ObjectDropped(kind, name) { IfExists = ifExists, Cascade = cascade });
            return;
        }
        throw reader.Unexpected("a kind of object");
    }

    private static void Index(StatementReader reader)
    {
        var concurrently = reader.Try("concurrently");
        var ifExists = reader.IfExists();
        var names = reader.Names();
        var cascade = reader.Cascade();
        foreach (var name in names)
            reader.Add(new IndexDropped(name, Table: null) { IfExists = ifExists, Concurrently = concurrently, Cascade = cascade });
    }

    private static void OnTable(StatementReader reader, Func<ObjectName, string, bool, Change> dropped)
    {
        var ifExists = reader.IfExists();
        var name = reader.Identifier();
        reader.Expect("on");
        var table = reader.Name();
        reader.Cascade();
        reader.Add(dropped(table, name, ifExists));
    }
}
