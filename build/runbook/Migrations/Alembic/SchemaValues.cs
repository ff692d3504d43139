using System.Globalization;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>Builds columns, constraints and tables from the arguments that SQLAlchemy's constructors are given.</summary>
internal static class SchemaValues
{
    /// <summary>A default that exists, though its expression isn't known.</summary>
    internal const string UnknownDefault = "…";

    internal static ObjectName? Named(string? name, Value? schema)
    {
        if (name is null)
            return null;
        return schema switch
        {
            null or Constant { Value: null } => ObjectName.Of(name),
            Constant { Value: string text } when !Holes.In(text) => ObjectName.Of(name, text),
            _ => null,
        };
    }

    /// <summary><c>schema.table</c> or <c>table</c>.</summary>
    internal static ObjectName Dotted(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot < 0 ? ObjectName.Of(name) : ObjectName.Of(name[(dot + 1)..], name[..dot]);
    }

    /// <summary><c>sa.Column(...)</c> (SQLAlchemy manual, "Describing Databases with MetaData").</summary>
    internal static ColumnValue Column(CallArguments arguments)
    {
        var positional = new List<Value>(arguments.Positional);
        string? name = null;
        var unfollowed = arguments.Incomplete ? "some of its arguments are not known" : null;
        if (positional.Count > 0 && positional[0] is Constant { Value: string or null })
        {
            name = Values.AsText(positional[0]);
            positional.RemoveAt(0);
        }
        else if (arguments.Get("name") is { } given)
        {
            name = Values.AsText(given);
        }

        var type = TypeNames.Of(arguments.Get("type_") ?? arguments.Get("type"));
        Value? serverDefault = arguments.Get("server_default");
        GeneratedValue? generated = null;
        SequenceObject? sequence = null;
        var constraints = new List<ConstraintSpec>();
        foreach (var part in positional)
        {
            switch (part)
            {
                case GeneratedValue value:
                    generated = value;
                    break;
                case SequenceObject own:
                    sequence = own;
                    break;
                case ConstraintValue { Spec: { } spec }:
                    constraints.Add(spec);
                    break;
                case ConstraintValue:
                    unfollowed ??= "one of its constraints is not known";
                    break;
                case SqlExpression or Constant:
                    // DefaultClause('x'): a server default in another form.
                    serverDefault ??= part;
                    break;
                default:
                    type ??= TypeNames.Of(part) ?? new TypeValue(null);
                    break;
            }
        }

        if (serverDefault is GeneratedValue other)
            (generated, serverDefault) = (other, other.Kind == GenerationKind.Fetched ? other : null);
        var primary = arguments.Flag("primary_key", otherwise: false, unknown: true);
        var numbered = primary && type?.Text is "integer" or "bigint" or "smallint" && primary && serverDefault is null && constraints.Count == 0 && sequence is null
            && arguments.Get("autoincrement") is not Constant { Value: false };
        var nullable = arguments.Flag("nullable", otherwise: !primary && generated?.Kind != GenerationKind.Identity, unknown: false);
        var column = new ColumnValue(name)
        {
            Type = type,
            PrimaryKey = primary,
            Unique = arguments.Flag("unique", otherwise: false, unknown: true),
            Index = arguments.Flag("index", otherwise: false, unknown: true),
            Unfollowed = unfollowed,
            OwnSequence = sequence?.Name,
            Spec = name is null ? null : new ColumnSpec(name, type?.Text)
            {
                Nullable = nullable,
                Default = Default(serverDefault),
                Identity = numbered || generated?.Kind == GenerationKind.Identity,
                Generated = generated?.Kind == GenerationKind.Computed ? generated.Expression : null,
            },
        };
        foreach (var constraint in constraints)
            column.Constraints.Add(constraint.Columns.Count == 0 && name is not null ? constraint with { Columns = [name] } : constraint);
        if (type is { ChecksValues: true } && name is not null)
            column.Constraints.Add(new ConstraintSpec(ConstraintKind.Check, [name]) { Expression = $"{name} IN ({string.Join(", ", type.Labels.Select(Quoted))})" });
        return column;
    }

    /// <summary>A server default as SQL; null for none.</summary>
    internal static string? Default(Value? value) => value switch
    {
        null or Constant { Value: null or false } => null,
        Constant { Value: true } => "true",
        Constant { Value: string text } => Holes.In(text) ? UnknownDefault : Quoted(text),
        Constant { Value: long number } => Quoted(number.ToString(CultureInfo.InvariantCulture)),
        SqlExpression { Text: { } sql } => Holes.In(sql) ? UnknownDefault : sql,
        _ => UnknownDefault,
    };

    internal static string Quoted(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>Names of columns: strings, columns or expressions; null where one isn't known.</summary>
    internal static ValueList<string>? ColumnNames(Value? value)
    {
        switch (value)
        {
            case Constant { Value: string text } when !Holes.In(text):
                return [text];
            case ColumnValue { Name: { } single }:
                return [single];
            case Sequence { Uncertain: false } list:
                {
                    var names = new List<string>();
                    foreach (var item in list.Items)
                    {
                        if (Key(item) is not { } name)
                            return null;
                        names.Add(name);
                    }

                    return names.ToValueList();
                }

            default:
                return null;
        }
    }

    /// <summary>A column's name, or an expression in parentheses as an index has it; null when not known.</summary>
    internal static string? Key(Value item) => item switch
    {
        Constant { Value: string text } when !Holes.In(text) => text,
        ColumnValue { Name: { } name } => name,
        SqlExpression { Text: { } sql } when !Holes.In(sql) => $"({sql})",
        _ => null,
    };

    /// <summary>The text of a condition; null when not known.</summary>
    internal static string? Condition(Value? value) => value switch
    {
        Constant { Value: string text } when !Holes.In(text) => text,
        SqlExpression { Text: { } sql } when !Holes.In(sql) => sql,
        ColumnValue { Name: { } name } => name,
        _ => null,
    };

    /// <summary><c>ForeignKey("schema.table.column")</c>; its own column is filled in by the column that it stands in.</summary>
    internal static ConstraintSpec ForeignKey(CallArguments arguments)
    {
        var target = arguments.Get(0, "column");
        ObjectName? table = null;
        ValueList<string> columns = [];
        if (Values.AsText(target) is { } text && text.LastIndexOf('.') is > 0 and var dot)
        {
            table = Dotted(text[..dot]);
            columns = [text[(dot + 1)..]];
        }

        return new ConstraintSpec(ConstraintKind.ForeignKey, [])
        {
            Name = Values.AsText(arguments.Get("name")), References = table, ReferencedColumns = columns, OnDelete = Values.AsText(arguments.Get("ondelete")),
        };
    }

    /// <summary>Table constraints of <c>create_table</c>; null when the columns aren't known.</summary>
    internal static ConstraintSpec? Constraint(string constructor, CallArguments arguments)
    {
        var name = Values.AsText(arguments.Get("name"));
        switch (constructor)
        {
            case "ForeignKeyConstraint":
                {
                    var targets = ColumnNames(arguments.Get(1, "refcolumns"));
                    var local = ColumnNames(arguments.Get(0, "columns"));
                    var first = targets is { Count: > 0 } ? targets[0] : "";
                    var dot = first.LastIndexOf('.');
                    return local is null ? null : new ConstraintSpec(ConstraintKind.ForeignKey, local)
                    {
                        Name = Values.AsText(arguments.Get(2, "name")),
                        References = dot > 0 ? Dotted(first[..dot]) : null,
                        ReferencedColumns = dot > 0 ? targets!.Select(target => target[(target.LastIndexOf('.') + 1)..]).ToValueList() : [],
                        OnDelete = Values.AsText(arguments.Get(4, "ondelete")),
                        NotValid = arguments.Flag("postgresql_not_valid", otherwise: false, unknown: false),
                    };
                }

            case "PrimaryKeyConstraint" or "UniqueConstraint":
                {
                    var columns = new List<string>();
                    foreach (var item in arguments.Positional)
                    {
                        if (Key(item) is not { } column)
                            return null;
                        columns.Add(column);
                    }

                    var kind = constructor[0] == 'P' ? ConstraintKind.PrimaryKey : ConstraintKind.Unique;
                    return arguments.Incomplete ? null : new ConstraintSpec(kind, columns.ToValueList())
                    {
                        Name = name, NullsNotDistinct = arguments.Flag("postgresql_nulls_not_distinct", otherwise: false, unknown: true),
                    };
                }

            case "CheckConstraint":
                return new ConstraintSpec(ConstraintKind.Check, [])
                {
                    Name = Values.AsText(arguments.Get(1, "name")), Expression = Condition(arguments.Get(0, "sqltext")),
                    NotValid = arguments.Flag("postgresql_not_valid", otherwise: false, unknown: false),
                };
            default:
                return new ConstraintSpec(ConstraintKind.Exclusion, []) { Name = name };
        }
    }

    /// <summary><c>sa.Table</c>, <c>sa.table</c>.</summary>
    internal static TableValue Table(CallArguments arguments)
    {
        var name = arguments.Get(0, "name");
        return new TableValue(
            name is Constant { Value: string text } && !Holes.In(text) ? Named(text, arguments.Get("schema")) : null,
            [.. arguments.Positional.Skip(1)]);
    }

    /// <summary>The table of an ORM model of the file; null when the class has none.</summary>
    internal static TableValue? OrmTable(Class type)
    {
        if (type.Find("__table__") is TableValue table)
            return new TableValue(table.Name, table.Parts) { Model = type };
        if (type.Find("__tablename__") is not { } tableName)
            return null;
        var name = Values.AsText(tableName);
        Value? schema = null;
        if (type.Find("__table_args__") is { } options)
        {
            foreach (var item in options is Sequence list ? list.Items : [options])
                schema = item is Mapping map ? map.Find("schema") : schema;
        }

        return new TableValue(Named(name, schema), []) { Model = type };
    }

    /// <summary>The table that a value stands for: a table, an ORM model, or one of its columns' classes.</summary>
    internal static TableValue? TableOf(Value? value) => value switch
    {
        TableValue table => table,
        Class { Table: { } table } => table,
        Instance { Type.Table: { } table } => table,
        Query query => query.Entity,
        _ => null,
    };
}
