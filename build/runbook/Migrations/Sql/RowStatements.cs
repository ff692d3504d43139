using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads queries and the statements that change rows, with the <c>WITH</c> clauses before them, which may change rows too.</summary>
internal static class RowStatements
{
    /// <summary>Reads one statement.</summary>
    public static void Read(StatementReader reader)
    {
        With(reader);
        if (reader.Try("insert", "into"))
            Insert(reader);
        else if (reader.Try("update"))
            Update(reader);
        else if (reader.Try("delete", "from"))
            Delete(reader);
        else if (reader.Try("merge", "into"))
            Merge(reader);
        else
            Query(reader);
    }

    /// <summary>Reads a query to the end.</summary>
    public static void Query(StatementReader reader)
    {
        With(reader);
        if (!reader.SeesAny("select", "values", "table") && !reader.Next.Is("("))
            throw reader.Unexpected("a query");
        FunctionCalls.Judge(reader, reader.Until(() => reader.Sees("into")));
        if (reader.Try("into"))
        {
            var temporary = reader.TryAny("temp", "temporary");
            reader.Try("unlogged");
            reader.Try("table");
            reader.Add(new TableCreated(reader.Name(), []) { Temporary = temporary });
            FunctionCalls.Judge(reader, reader.Until(() => false));
        }
        else
            reader.Add(new Harmless("query"));
    }

    private static void With(StatementReader reader)
    {
        if (!reader.Try("with"))
            return;
        reader.Try("recursive");
        do
        {
            reader.Identifier();
            if (reader.Next.Is("("))
                reader.Columns();
            reader.Expect("as");
            reader.Try("not");
            reader.Try("materialized");
            var inside = reader.Over(reader.Parentheses());
            Read(inside);
            reader.Absorb(inside);
            if (reader.SeesAny("search", "cycle"))
                throw reader.Unexpected("a query without SEARCH and CYCLE");
        }
        while (reader.TryMark(","));
    }

    private static ObjectName Target(StatementReader reader, params string[] afterIt)
    {
        reader.Try("only");
        var table = reader.Name();
        reader.TryMark("*");
        if (reader.Try("as") || (reader.Next.IsName && !reader.SeesAny(afterIt)))
            reader.Identifier();
        return table;
    }

    private static void Insert(StatementReader reader)
    {
        var table = Target(reader, "values", "select", "default", "overriding", "with", "table", "on", "returning");
        if (reader.Next.Is("(") && !reader.Peek(1).IsWord("select") && !reader.Peek(1).IsWord("with"))
            reader.Parentheses();
        if (reader.Try("overriding"))
        {
            reader.TryAny("system", "user");
            reader.Expect("value");
        }
        if (!reader.Try("default", "values"))
        {
            With(reader);
            if (!reader.SeesAny("select", "values", "table") && !reader.Next.Is("("))
                throw reader.Unexpected("VALUES or a query");
            FunctionCalls.Judge(reader, reader.Until(() => reader.Sees("on", "conflict") || reader.Sees("returning")));
        }
        ValueList<string> updates = [];
        if (reader.Try("on", "conflict"))
        {
            FunctionCalls.Judge(reader, reader.Until(() => reader.Sees("do")));
            reader.Expect("do");
            if (!reader.Try("nothing"))
            {
                reader.Expect("update");
                updates = Assignments(reader);
                Conditions(reader);
            }
        }
        Returning(reader);
        reader.Add(new RowsInserted(table) { Updates = updates });
    }

    private static void Update(StatementReader reader)
    {
        var table = Target(reader, "set");
        var columns = Assignments(reader);
        Conditions(reader);
        Returning(reader);
        reader.Add(new RowsUpdated(table, columns));
    }

    private static void Delete(StatementReader reader)
    {
        var table = Target(reader, "using", "where", "returning");
        if (!reader.AtEnd && !reader.SeesAny("using", "where", "returning"))
            throw reader.Unexpected("USING or WHERE");
        Conditions(reader);
        Returning(reader);
        reader.Add(new RowsDeleted(table));
    }

    private static void Merge(StatementReader reader)
    {
        var table = Target(reader, "using");
        FunctionCalls.Judge(reader, reader.Until(() => reader.Sees("when")));
        while (reader.Try("when"))
        {
            FunctionCalls.Judge(reader, reader.Until(() => reader.Sees("then")));
            reader.Expect("then");
            if (reader.Try("update"))
                reader.Add(new RowsUpdated(table, []));
            else if (reader.Try("delete"))
                reader.Add(new RowsDeleted(table));
            else if (reader.Try("insert"))
                reader.Add(new RowsInserted(table));
            else
                reader.Expect("do", "nothing");
            reader.Until(() => reader.Sees("when") || reader.Sees("returning"));
        }
        Returning(reader);
    }

    private static ValueList<string> Assignments(StatementReader reader)
    {
        reader.Expect("set");
        // IS DISTINCT FROM is a comparison, not the FROM clause.
        var part = reader.Until(() => reader.SeesAny("where", "returning") || (reader.Sees("from") && !reader.Previous.IsWord("distinct")));
        var columns = new List<string>();
        foreach (var assignment in reader.Over(part).Items())
        {
            if (assignment.Next.Is("("))
                columns.AddRange(assignment.Columns());
            else
            {
                columns.Add(assignment.Identifier());
                assignment.Until(() => assignment.Next.Is("="));
            }
            assignment.ExpectMark("=");
            FunctionCalls.Judge(reader, assignment.Until(() => false));
        }
        return columns.ToValueList();
    }

    private static void Conditions(StatementReader reader) =>
        FunctionCalls.Judge(reader, reader.Until(() => reader.Sees("returning")));

    private static void Returning(StatementReader reader)
    {
        if (reader.Try("returning"))
            FunctionCalls.Judge(reader, reader.Until(() => false));
        reader.End();
    }
}
