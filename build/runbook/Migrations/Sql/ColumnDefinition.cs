using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Reads a column as <c>CREATE TABLE</c> and <c>ADD COLUMN</c> declare it, with the constraints that stand beside it.</summary>
internal static class ColumnDefinition
{
    private static readonly string[] AfterDefault =
        ["constraint", "not", "null", "unique", "primary", "check", "references", "generated", "default", "deferrable", "initially", "collate", "storage", "compression"];

    /// <summary>Reads to the end of the reader.</summary>
    public static (ColumnSpec Column, IReadOnlyList<ConstraintSpec> Constraints) Read(StatementReader reader)
    {
        var name = reader.Identifier();
        var type = TypeReader.Read(reader);
        var serial = TypeText.IsSerial(type);
        var column = new ColumnSpec(name, type) { Identity = serial, Nullable = !serial };
        var constraints = new List<ConstraintSpec>();
        while (!reader.AtEnd)
            column = Clause(reader, column, constraints);
        return (column, constraints);
    }

    private static ColumnSpec Clause(StatementReader reader, ColumnSpec column, List<ConstraintSpec> constraints)
    {
        var name = reader.Try("constraint") ? reader.Identifier() : null;
        if (reader.Try("not", "null"))
        {
            reader.Try("no", "inherit");
            return column with { Nullable = false };
        }
        if (reader.Try("null"))
            return column;
        if (reader.Try("default"))
            return column with { Default = Expression(reader) is var text && text.Equals("null", StringComparison.OrdinalIgnoreCase) ? null : text };
        if (reader.Try("generated"))
            return Generated(reader, column);
        if (reader.Try("collate"))
        {
            reader.Name();
            return column;
        }
        if (reader.TryAny("storage", "compression"))
        {
            reader.Identifier();
            return column;
        }
        var constraint = ConstraintDefinition.Body(reader, column.Name) with { Name = name };
        constraints.Add(constraint);
        return constraint.Kind == ConstraintKind.PrimaryKey ? column with { Nullable = false } : column;
    }

    private static ColumnSpec Generated(StatementReader reader, ColumnSpec column)
    {
        if (reader.Try("by"))
            reader.Expect("default");
        else
            reader.Expect("always");
        reader.Expect("as");
        if (reader.Try("identity"))
        {
            if (reader.Next.Is("("))
                reader.Parentheses();
            return column with { Identity = true, Nullable = false };
        }
        var expression = reader.Text(reader.Parentheses());
        reader.TryAny("stored", "virtual");
        return column with { Generated = expression };
    }

    // The first token always belongs to the default (DEFAULT NULL); a following key word of the next clause ends it.
    private static string Expression(StatementReader reader)
    {
        var taken = 0;
        return reader.Text(reader.Until(() => taken++ > 0 && reader.SeesAny(AfterDefault)));
    }
}
