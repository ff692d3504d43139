using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads the statements about whole tables: <c>TRUNCATE</c>, <c>COPY</c>, <c>REFRESH MATERIALIZED VIEW</c>.</summary>
internal static class TableStatements
{
    /// <summary>Reads <c>TRUNCATE</c>.</summary>
    public static void Truncate(StatementReader reader)
    {
        reader.Expect("truncate");
        reader.Try("table");
        var tables = new List<ObjectName>();
        do
        {
            reader.Try("only");
            tables.Add(reader.Name());
            reader.TryMark("*");
        }
        while (reader.TryMark(","));
        if (reader.TryAny("restart", "continue"))
            reader.Expect("identity");
        var cascade = reader.Cascade();
        foreach (var table in tables)
            reader.Add(new TableTruncated(table) { Cascade = cascade });
    }

    /// <summary>Reads <c>COPY</c>: into a table, or out of one, which changes nothing.</summary>
    public static void Copy(StatementReader reader)
    {
        reader.Expect("copy");
        if (reader.Next.Is("("))
            throw new NotUnderstoodException("COPY of a query");
        var table = reader.Name();
        if (reader.Next.Is("("))
            reader.Columns();
        if (reader.Try("to"))
            reader.Add(new Harmless($"copy out of {table}"));
        else
        {
            reader.Expect("from");
            reader.Add(new RowsInserted(table));
        }
        if (reader.Sees("program"))
            throw new NotUnderstoodException("COPY runs a program");
        reader.Until(() => false);
    }

    /// <summary>Reads <c>REFRESH MATERIALIZED VIEW</c>.</summary>
    public static void Refresh(StatementReader reader)
    {
        reader.Expect("refresh", "materialized", "view");
        reader.Try("concurrently");
        var view = reader.Name();
        if (reader.Try("with"))
        {
            reader.Try("no");
            reader.Expect("data");
        }
        reader.Add(new ObjectAltered(ObjectKind.MaterializedView, view, "refreshed"));
    }
}
