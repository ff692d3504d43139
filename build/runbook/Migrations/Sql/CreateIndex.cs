using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>CREATE INDEX</c>.</summary>
internal static class CreateIndex
{
    /// <summary>True when the statement, after <c>CREATE</c>, makes an index.</summary>
    public static bool IsNext(StatementReader reader) => reader.Sees("index") || reader.Sees("unique", "index");

    /// <summary>Reads one statement.</summary>
    public static void Read(StatementReader reader)
    {
        var unique = reader.Try("unique");
        reader.Expect("index");
        var concurrently = reader.Try("concurrently");
        var ifNotExists = reader.IfNotExists();
        var name = reader.Sees("on") ? null : reader.Name().Name;
        reader.Expect("on");
        reader.Try("only");
        var table = reader.Name();
        var method = reader.Try("using") ? reader.Identifier() : null;
        var keys = reader.Over(reader.Parentheses()).Items().Select(Key).ToValueList();
        var included = reader.Try("include") ? reader.Columns() : [];
        var notDistinct = reader.Try("nulls", "not", "distinct");
        reader.Try("nulls", "distinct");
        if (reader.Try("with"))
            reader.Parentheses();
        if (reader.Try("tablespace"))
            reader.Identifier();
        var predicate = reader.Try("where") ? reader.Text(reader.Until(() => false)) : null;
        reader.Add(new IndexCreated(name, table, keys)
        {
            Unique = unique, Concurrently = concurrently, IfNotExists = ifNotExists, Predicate = predicate, NullsNotDistinct = notDistinct, Method = method, Included = included,
        });
    }

    // A bare column stays a name; everything else is kept as an expression in parentheses.
    private static string Key(StatementReader item)
    {
        string key;
        if (item.Next.IsName && !item.Peek(1).Is("(") && !item.Peek(1).Is("."))
            key = item.Identifier();
        else if (item.Next.Is("("))
            key = $"({item.Text(item.Parentheses())})";
        else
        {
            var start = item.Rest;
            item.Name();
            item.Parentheses();
            key = $"({item.Text([.. start.Take(start.Count - item.Rest.Count)])})";
        }
        if (item.Try("collate"))
            item.Name();
        if (item.Next.IsName && !item.SeesAny("asc", "desc", "nulls"))
        {
            item.Name();
            if (item.Next.Is("("))
                item.Parentheses();
        }
        item.TryAny("asc", "desc");
        if (item.Try("nulls") && !item.TryAny("first", "last"))
            throw item.Unexpected("FIRST or LAST");
        item.End();
        return key;
    }
}
