using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads <c>CREATE VIEW</c> and <c>CREATE MATERIALIZED VIEW</c>.</summary>
internal static class CreateView
{
    /// <summary>True when the statement, after <c>CREATE</c>, makes a view.</summary>
    public static bool IsNext(StatementReader reader) =>
        reader.Sees("materialized", "view") || reader.Sees("view") || reader.Sees("recursive", "view")
        || reader.Sees("temp", "view") || reader.Sees("temporary", "view");

    /// <summary>Reads one statement.</summary>
    public static void Read(StatementReader reader, bool replaces)
    {
        var kind = reader.Try("materialized") ? ObjectKind.MaterializedView : ObjectKind.View;
        while (!reader.Try("view"))
            reader.Take();
        var ifNotExists = reader.IfNotExists();
        var name = reader.Name();
        if (reader.Next.Is("("))
            reader.Parentheses();
        if (reader.Try("using"))
            reader.Identifier();
        if (reader.Try("with"))
            reader.Parentheses();
        if (reader.Try("tablespace"))
            reader.Identifier();
        reader.Expect("as");
        reader.Add(new ObjectCreated(kind, name) { Replaces = replaces, IfNotExists = ifNotExists, Definition = reader.Whole });
        // A view's query runs when it is read, not now: what it calls is no change.
        if (kind == ObjectKind.View)
            reader.Until(() => false);
        else
            RowStatements.Query(reader);
    }
}
