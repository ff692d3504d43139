using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads a constraint beside a column or of a whole table (PostgreSQL manual, <c>CREATE TABLE</c>, <c>ALTER TABLE</c>).</summary>
internal static class ConstraintDefinition
{
    /// <summary>True when a table's constraint comes next, not a column.</summary>
    public static bool IsNext(StatementReader reader) =>
        reader.Sees("constraint") && reader.Peek(1).IsName
        || reader.SeesAny("check", "exclude") && (reader.Peek(1).Is("(") || reader.Peek(1).IsWord("using"))
        || reader.Sees("unique") && (reader.Peek(1).Is("(") || reader.Peek(1).IsWord("using") || reader.Peek(1).IsWord("nulls"))
        || reader.Sees("primary", "key")
        || reader.Sees("foreign", "key");

    /// <summary>Reads a table's constraint, its name included.</summary>
    public static ConstraintSpec Read(StatementReader reader)
    {
        var name = reader.Try("constraint") ? reader.Identifier() : null;
        return Body(reader, column: null) with { Name = name };
    }

    /// <summary>Reads a constraint without its name.</summary>
    /// <param name="reader">The reader, at UNIQUE, PRIMARY, CHECK, REFERENCES, FOREIGN or EXCLUDE.</param>
    /// <param name="column">The column that it stands beside; null for a table's constraint.</param>
    public static ConstraintSpec Body(StatementReader reader, string? column)
    {
        var constraint = Kind(reader, column);
        while (!reader.AtEnd)
        {
            if (reader.Try("not", "valid"))
                constraint = constraint with { NotValid = true };
            else if (reader.Sees("not", "deferrable") || reader.Sees("not", "enforced"))
                _ = (reader.Take(), reader.Take());
            else if (reader.Try("initially"))
                reader.Identifier();
            else if (!reader.TryAny("deferrable", "enforced"))
                break;
        }
        return constraint;
    }

    private static ConstraintSpec Kind(StatementReader reader, string? column)
    {
        if (reader.Try("primary", "key"))
            return Unique(reader, ConstraintKind.PrimaryKey, column, nullsNotDistinct: false);
        if (reader.Try("unique"))
        {
            var notDistinct = reader.Try("nulls", "not", "distinct");
            reader.Try("nulls", "distinct");
            return Unique(reader, ConstraintKind.Unique, column, notDistinct);
        }
        if (reader.Try("check"))
        {
            var expression = reader.Text(reader.Parentheses());
            reader.Try("no", "inherit");
            return new ConstraintSpec(ConstraintKind.Check, column is null ? [] : [column]) { Expression = expression };
        }
        if (reader.Try("foreign", "key"))
        {
            var columns = reader.Columns();
            reader.Expect("references");
            return References(reader, columns);
        }
        if (column is not null && reader.Try("references"))
            return References(reader, [column]);
        if (reader.Try("exclude"))
            return Exclusion(reader);
        throw reader.Unexpected("a constraint");
    }

    private static ConstraintSpec Unique(StatementReader reader, ConstraintKind kind, string? column, bool nullsNotDistinct)
    {
        if (column is null && reader.Try("using", "index"))
            return new ConstraintSpec(kind, []) { UsingIndex = reader.Identifier() };
        var constraint = new ConstraintSpec(kind, column is null ? reader.Columns() : [column]) { NullsNotDistinct = nullsNotDistinct };
        IndexOptions(reader);
        return constraint;
    }

    private static ConstraintSpec Exclusion(StatementReader reader)
    {
        if (reader.Try("using"))
            reader.Identifier();
        var elements = reader.Parentheses();
        IndexOptions(reader);
        if (reader.Try("where"))
            reader.Parentheses();
        return new ConstraintSpec(ConstraintKind.Exclusion, []) { Expression = reader.Text(elements) };
    }

    private static void IndexOptions(StatementReader reader)
    {
        if (reader.Try("include"))
            reader.Columns();
        if (reader.Try("with"))
            reader.Parentheses();
        if (reader.Try("using", "index", "tablespace"))
            reader.Identifier();
    }

    private static ConstraintSpec References(StatementReader reader, ValueList<string> columns)
    {
        var constraint = new ConstraintSpec(ConstraintKind.ForeignKey, columns) { References = reader.Name() };
        if (reader.Next.Is("("))
            constraint = constraint with { ReferencedColumns = reader.Columns() };
        while (true)
        {
            if (reader.Try("match"))
                reader.Identifier();
            else if (reader.Try("on", "delete"))
                constraint = constraint with { OnDelete = Action(reader) };
            else if (reader.Try("on", "update"))
                Action(reader);
            else
                return constraint;
        }
    }

    private static string? Action(StatementReader reader)
    {
        if (reader.Try("cascade"))
            return "CASCADE";
        if (reader.Try("restrict"))
            return null;
        if (reader.Try("no", "action"))
            return null;
        reader.Expect("set");
        var action = reader.TryAny("null") ? "SET NULL" : reader.TryAny("default") ? "SET DEFAULT" : throw reader.Unexpected("NULL or DEFAULT");
        if (reader.Next.Is("("))
            reader.Columns();
        return action;
    }
}
