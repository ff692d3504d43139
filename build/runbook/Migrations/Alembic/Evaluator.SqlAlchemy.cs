using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>Calls of SQLAlchemy: what is described by them, not yet done.</content>
internal sealed partial class Evaluator
{
    private Value CallSqlAlchemy(ModulePath path, CallArguments arguments, int line)
    {
        var name = path.Last;
        if (path.Path.Contains(".func.", StringComparison.Ordinal))
            return SqlFunction(name, arguments);
        switch (name)
        {
            case "Column" or "column" or "mapped_column" or "Field":
                return SchemaValues.Column(arguments);
            case "Table" or "table" or "TableClause":
                return SchemaValues.Table(arguments);
            case "MetaData":
                return MetaData.Value;
            case "ForeignKey":
                return new ConstraintValue(SchemaValues.ForeignKey(arguments));
            case "ForeignKeyConstraint" or "PrimaryKeyConstraint" or "UniqueConstraint" or "CheckConstraint" or "ExcludeConstraint":
                return new ConstraintValue(SchemaValues.Constraint(name, arguments));
            case "Index":
                return new IndexValue(
                    Values.AsText(arguments.At(0)), [.. arguments.Positional.Skip(1)], arguments.Flag("unique", otherwise: false, unknown: true))
                {
                    Predicate = SchemaValues.Condition(arguments.Get("postgresql_where")), Options = arguments,
                };
            case "Identity":
                return new GeneratedValue(GenerationKind.Identity, "");
            case "Computed":
                return new GeneratedValue(GenerationKind.Computed, SchemaValues.Condition(arguments.Get(0, "sqltext")) ?? SchemaValues.UnknownDefault);
            case "FetchedValue":
                return new GeneratedValue(GenerationKind.Fetched, SchemaValues.UnknownDefault);
            case "DefaultClause":
                return arguments.At(0) ?? Opaque.Value;
            case "Sequence":
                return new SequenceObject(SchemaValues.Named(Values.AsText(arguments.At(0)), arguments.Get("schema")));
            case "text" or "DDL" or "TextClause":
                return arguments.Get(0, "text", "statement") is Constant { Value: string sql } constant
                    ? new SqlExpression(sql) { IsStatement = true, Line = constant.Line }
                    : new SqlExpression(null) { IsStatement = true };
            case "literal_column" or "quoted_name":
                return name == "quoted_name" ? arguments.At(0) ?? Opaque.Value : new SqlExpression(Text(arguments.At(0)));
            case "literal" or "inline_literal":
                return new SqlExpression(SchemaValues.Default(arguments.At(0)));
            case "true" or "false" or "null":
                return new SqlExpression(name);
            case "object_session" or "async_object_session":
                return Session.Value;
            case "flag_modified" or "flag_dirty" or "set_attribute" or "del_attribute" or "set_committed_value" when arguments.At(0) is { } changed:
                if (RowOf(changed) is { } row)
                    AttributeChanged(row, Values.AsText(arguments.Get(1, "key")), line);
                else
                    Unfollowed(line, $"{name}(…)", PerhapsARow);
                return Constant.None;
            case "inspect" or "instance_dict" or "instance_state" when arguments.At(0) is { } looked && Values.HoldsRow(looked):
                return PartOf(Values.RowIn(looked), null);
            case "inspect" or "from_engine" or "Inspector":
                return arguments.At(0) is Class or Instance ? Opaque.Value : Inspector.Value;
            case "create_engine" or "engine_from_config" or "create_async_engine" or "create_mock_engine" or "Connection" or "Engine":
                return Connection.Value;
            case "Session" or "AsyncSession" or "scoped_session":
                return Session.Value;
            case "sessionmaker" or "async_sessionmaker":
                return SessionFactory.Value;
            case "select" or "exists" or "union" or "union_all" or "intersect" or "except_":
                return CoreStatements.Select(arguments);
            case "insert" or "update" or "delete":
                return CoreStatements.Changing(name, SchemaValues.TableOf(arguments.Get(0, "table")), arguments, 1);
            case "declarative_base" or "DeclarativeBase" or "automap_base":
                return new Foreign("the declarative base");
            case "registry":
                return new Foreign("the mapper registry");
            case "desc" or "asc" or "nullsfirst" or "nullslast" or "nulls_first" or "nulls_last" or "collate" when arguments.At(0) is { } sorted:
                return Values.AsText(sorted) is { } key ? new ColumnValue(key) : sorted;
            case "aliased" or "alias":
                return arguments.At(0) ?? Opaque.Value;
        }

        if (TypeNames.Of(name, arguments) is { } type)
            return type;
        if (name.StartsWith("Create", StringComparison.Ordinal) || name.StartsWith("Drop", StringComparison.Ordinal))
            return new DdlElement(name, arguments.At(0) ?? Opaque.Value);
        if (path.IsUnder("sqlalchemy.exc") || path.IsUnder("sqlalchemy.orm.exc") || name.EndsWith("Error", StringComparison.Ordinal))
            return Opaque.Value;
        if (path.IsUnder("sqlalchemy.event") || arguments.Incomplete || arguments.All.Any(Values.ReachesDatabase))
            return CallForeign(path.Path, arguments, line);
        if (char.IsAsciiLetterUpper(name[0]))
            return new Foreign(path.Path);

        // Operators and functions that build expressions: and_, case, cast, …
        return new SqlExpression(null) { Effect = arguments.All.Select(Arithmetic.Effect).FirstOrDefault(effect => effect is not null) };
    }

    private static string? Text(Value? value) => value is Constant { Value: string text } ? text : null;

    /// <summary><c>sa.func.name(...)</c>: an effect unless PostgreSQL's own function of that name only computes.</summary>
    private static SqlExpression SqlFunction(string name, CallArguments arguments)
    {
        var parts = new List<string>();
        foreach (var argument in arguments.Positional)
        {
            parts.Add(argument switch
            {
                SqlExpression { Text: { } text } => text,
                ColumnValue { Name: { } column } => column,
                Constant { Value: string text } when !Holes.In(text) => SchemaValues.Quoted(text),
                Constant { Value: long or null } => TextFormat.Str(argument),
                _ => Holes.Text,
            });
            TextFormat.Paid(parts[^1]);
        }

        return new SqlExpression(parts.Contains(Holes.Text) ? null : $"{name}({string.Join(", ", parts)})")
        {
            Effect = arguments.All.Select(Arithmetic.Effect).FirstOrDefault(effect => effect is not null)
                ?? (FunctionCalls.OnlyComputes(name.ToLowerInvariant()) ? null : $"{name}()"),
        };
    }

    private static Value CallSqlExpression(Value owner, string name, CallArguments arguments)
    {
        if (owner is SqlExpression { IsStatement: true } statement)
            return name is "bindparams" or "columns" or "execution_options" or "execute_if" or "on" ? statement : new SqlExpression(null);
        if (name is "asc" or "desc" or "nullsfirst" or "nullslast" or "nulls_first" or "nulls_last" or "collate" || (owner is ColumnValue && name is "label" or "copy" or "_copy"))
            return owner;
        var effect = Arithmetic.Effect(owner) ?? arguments.All.Select(Arithmetic.Effect).FirstOrDefault(found => found is not null);
        return new SqlExpression(null) { Effect = effect };
    }

    private Value CallType(TypeValue type, string name, CallArguments arguments, int line)
    {
        switch (name)
        {
            case "with_variant":
                return Values.AsText(arguments.Get(1, "dialect_name")) switch
                {
                    "postgresql" => TypeNames.Of(arguments.At(0)) ?? new TypeValue(null),
                    null => new TypeValue(null),
                    _ => type,
                };
            case "create" when type is { EnumName: { } domain, Domain: { } definition }:
                Emit(new ObjectCreated(ObjectKind.Domain, domain) { IfNotExists = arguments.Flag("checkfirst", otherwise: true, unknown: true), Domain = definition }, line);
                return Constant.None;
            case "drop" when type is { EnumName: { } domain, Domain: not null }:
                Emit(new ObjectDropped(ObjectKind.Domain, domain) { IfExists = true }, line);
                return Constant.None;
            case "create" when type.EnumName is not null:
                Emit(new ObjectCreated(ObjectKind.Type, type.EnumName) { IfNotExists = true, Labels = type.Labels }, line);
                return Constant.None;
            case "drop" when type.EnumName is not null:
                Emit(new ObjectDropped(ObjectKind.Type, type.EnumName) { IfExists = true }, line);
                return Constant.None;
            case "create" or "drop":
                Unfollowed(line, $"….{name}(…)", "the type's name is not known");
                return Constant.None;
            case "adapt" or "copy" or "as_generic" or "dialect_impl" or "evaluates_none" or "compile":
                return name == "compile" ? type.Text is null ? Opaque.Value : Values.Text(type.Text.ToUpperInvariant()) : type;
            default:
                return CallData(Opaque.Value, name, arguments, line);
        }
    }
}
