using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>CREATE …</c>.</summary>
internal static class CreateStatements
{
    // Objects whose definition can't reach old ones: the rest of the statement need not be understood.
    private static readonly (string[] Words, ObjectKind Kind)[] Plain =
    [
        (["sequence"], ObjectKind.Sequence), (["extension"], ObjectKind.Extension),
        (["aggregate"], ObjectKind.Aggregate), (["collation"], ObjectKind.Collation), (["conversion"], ObjectKind.Collation),
        (["role"], ObjectKind.Role), (["user"], ObjectKind.Role), (["group"], ObjectKind.Role),
        (["server"], ObjectKind.ForeignServer), (["foreign", "data", "wrapper"], ObjectKind.ForeignServer),
        (["foreign", "table"], ObjectKind.ForeignTable), (["statistics"], ObjectKind.Statistics),
        (["text", "search", "configuration"], ObjectKind.TextSearch), (["text", "search", "dictionary"], ObjectKind.TextSearch),
        (["text", "search", "parser"], ObjectKind.TextSearch), (["text", "search", "template"], ObjectKind.TextSearch),
        (["event", "trigger"], ObjectKind.EventTrigger), (["publication"], ObjectKind.Publication), (["subscription"], ObjectKind.Subscription),
        (["trusted", "procedural", "language"], ObjectKind.Language), (["procedural", "language"], ObjectKind.Language),
        (["trusted", "language"], ObjectKind.Language), (["language"], ObjectKind.Language),
    ];

    /// <summary>Reads one statement.</summary>
    public static void Read(StatementReader reader)
    {
        reader.Expect("create");
        var replaces = reader.Try("or", "replace");
        if (CreateTable.IsNext(reader))
            CreateTable.Read(reader);
        else if (CreateIndex.IsNext(reader))
            CreateIndex.Read(reader);
        else if (CreateView.IsNext(reader))
            CreateView.Read(reader, replaces);
        else if (reader.SeesAny("function", "procedure"))
            CreateFunction.Read(reader, replaces);
        else if (reader.SeesAny("trigger", "constraint"))
            CreateTrigger.Read(reader, replaces);
        else if (reader.Sees("policy"))
            CreatePolicy(reader);
        else if (reader.Try("rule"))
            CreateRule(reader);
        else if (reader.Try("type"))
            CreateType(reader);
        else if (reader.Try("domain"))
            CreateDomain.Read(reader);
        else if (reader.Try("schema"))
            CreateSchema(reader);
        else if (reader.TryAny("cast"))
            reader.Add(new ObjectCreated(ObjectKind.Cast, ObjectName.Of(reader.Text(reader.Parentheses()))) { Replaces = WithoutRest(reader) });
        else if (reader.Try("operator"))
            reader.Add(new ObjectCreated(ObjectKind.Operator, ObjectName.Of(reader.Text(reader.Rest))) { Replaces = WithoutRest(reader) });
        else if (!TryPlain(reader, replaces))
            throw reader.Unexpected("a kind of object");
    }

    private static bool TryPlain(StatementReader reader, bool replaces)
    {
        if (reader.SeesAny("temp", "temporary", "unlogged") && reader.Peek(1).IsWord("sequence"))
            reader.Take();
        foreach (var (words, kind) in Plain)
        {
            if (!reader.Try(words))
                continue;
            var ifNotExists = reader.IfNotExists();
            if (kind == ObjectKind.Statistics && reader.Sees("on"))
                reader.Add(new Harmless("extended statistics"));
            else
                reader.Add(new ObjectCreated(kind, reader.Name()) { Replaces = replaces, IfNotExists = ifNotExists });
            WithoutRest(reader);
            return true;
        }
        return false;
    }

    // Reads what is left without looking at it; always false.
    private static bool WithoutRest(StatementReader reader)
    {
        reader.Until(() => false);
        return false;
    }

    private static void CreateType(StatementReader reader)
    {
        var name = reader.Name();
        List<string> labels = [];
        if (reader.Try("as", "enum"))
        {
            var inside = reader.Over(reader.Parentheses());
            if (!inside.AtEnd)
            {
                do
                    labels.Add(inside.String());
                while (inside.TryMark(","));
            }
            inside.End();
        }
        else
            WithoutRest(reader);
        reader.Add(new ObjectCreated(ObjectKind.Type, name) { Labels = labels.ToValueList() });
    }

    private static void CreateSchema(StatementReader reader)
    {
        var ifNotExists = reader.IfNotExists();
        var name = reader.Sees("authorization") ? null : reader.Identifier();
        if (reader.Try("authorization"))
        {
            var owner = reader.Identifier();
            name ??= owner;
        }
        reader.Add(new ObjectCreated(ObjectKind.Schema, ObjectName.Of(name!)) { IfNotExists = ifNotExists });
    }

    private static void CreatePolicy(StatementReader reader)
    {
        reader.Expect("policy");
        var name = reader.Identifier();
        reader.Expect("on");
        var table = reader.Name();
        var restrictive = false;
        if (reader.Try("as"))
        {
            restrictive = reader.Try("restrictive");
            reader.Try("permissive");
        }
        reader.Add(new PolicyCreated(table, name) { Restrictive = restrictive });
        WithoutRest(reader);
    }

    private static void CreateRule(StatementReader reader)
    {
        var name = reader.Identifier();
        reader.Expect("as", "on");
        if (!reader.TryAny("select", "insert", "update", "delete"))
            throw reader.Unexpected("an event");
        reader.Expect("to");
        reader.Add(new RewriteRuleCreated(reader.Name(), name));
        WithoutRest(reader);
    }
}
