using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>Attributes, items and methods.</content>
internal sealed partial class Evaluator
{
    /// <summary>Methods that reach a database whatever they belong to.</summary>
    private static bool IsDatabaseMethod(string name) => name is
        "execute" or "exec_driver_sql" or "executemany" or "create_all" or "drop_all" or "run_sync" or "cursor" or "bulk_insert_mappings"
        or "bulk_save_objects" or "bulk_update_mappings" or "bulk_create" or "save" or "add_column" or "drop_column" or "alter_column" or "create_table" or "drop_table"
        or "run_callable" or "upgrade" or "downgrade" or "merge_all";

    private Value Attribute(Value owner, string name)
    {
        switch (owner)
        {
            case ModulePath path:
                Effort.Spend(path.Path.Length >> 3);
                return path.Path switch
                {
                    "alembic" when name == "context" => new ModulePath("alembic.context"),
                    "alembic.context" when name is "config" => Opaque.Value,
                    _ => Followed(new ModulePath(path.Path + "." + name) { Importer = path.Importer, Level = path.Level }),
                };
            case Foreign foreign:
                Effort.Spend(foreign.Name.Length >> 3);
                return new Foreign(foreign.Name + "." + name);
            case Opaque:
                return owner;
            case Connection:
                return name switch
                {
                    "dialect" => Inspector.Value,
                    "name" => Values.Text("postgresql"),
                    "engine" or "connection" or "bind" or "sync_connection" or "driver_connection" or "dbapi_connection" => owner,
                    "url" => DatabaseUrl.Value,
                    "driver" or "closed" or "info" or "rowcount" or "description" or "default_isolation_level" => Opaque.Value,
                    _ => new Member(owner, name),
                };
            case Context:
                return name switch
                {
                    "dialect" => Inspector.Value,
                    "as_sql" => Constant.False,
                    "bind" or "connection" => Connection.Value,
                    "config" or "opts" or "environment_context" => Opaque.Value,
                    _ => new Member(owner, name),
                };
            case DatabaseUrl:
                return name is "drivername" ? Values.Text(DatabaseUrl.Text) : name is "get_backend_name" or "get_dialect" or "render_as_string" or "__str__" ? new Member(owner, name) : Opaque.Value;
            case Inspector:
                return name switch
                {
                    "bind" or "engine" => Connection.Value,
                    "dialect" => owner,
                    "name" => Values.Text("postgresql"),
                    _ => new Member(owner, name),
                };
            case TableValue table:
                return name switch
                {
                    "c" or "columns" => ColumnsOf.Value,
                    "name" when table.Name is not null => Values.Text(table.Name.Name),
                    "metadata" => MetaData.Value,
                    _ => new Member(owner, name),
                };
            case ColumnsOf:
                return new ColumnValue(name);
            case CoreStatement when name is "c" or "columns" or "exported_columns":
                return ColumnsOf.Value;
            case CoreStatement when name == "excluded":
                return ColumnsOf.Value;
            case MetaData:
                return name == "tables" ? new Member(owner, name) : name == "bind" ? Connection.Value : new Member(owner, name);
            case Session when name is "bind":
                return Connection.Value;
            case Query { IsRow: true, IsPart: false, Entity.Model: { } model } row when model.Find(name) is Function { IsProperty: true } property:
                return CallValue(property.BoundTo(row), new CallArguments(), property.Line);
            case Query { IsRow: true } row when !IsMutator(name):
                return PartOf(row, name);
            case TypeValue type:
                return name switch
                {
                    "enums" when type.Labels.Count > 0 => new Sequence([.. type.Labels.Select(Values.Text)], SequenceKind.List),
                    "name" when type.EnumName is not null => Values.Text(type.EnumName.Name),
                    _ => new Member(owner, name),
                };
            case ColumnValue column:
                return name switch
                {
                    "name" or "key" when column.Name is not null => Values.Text(column.Name),
                    "type" when column.Type is not null => column.Type,
                    _ => new Member(owner, name),
                };
            case Class type:
                return ClassAttribute(type, name);
            case Instance instance:
                if (instance.Fields.TryGetValue(name, out var field))
                    return field;
                return instance.Type.Find(name) switch
                {
                    // A base class whose code isn't known may set it anew: settings are read from the environment so.
                    Constant or Sequence or Mapping when instance.Type.HasForeignBase => Opaque.Value,
                    Function { IsProperty: true } property => CallValue(property.BoundTo(instance), new CallArguments(), property.Line),
                    Function method => method.BoundTo(instance),
                    { } value => value,
                    null => new Foreign($"{instance.Type.Name}.{name}"),
                };
            default:
                return new Member(owner, name);
        }
    }

    private static Value ClassAttribute(Class type, string name)
    {
        if (type.Find(name) is { } value)
            return value is ColumnValue { Name: null } unnamed ? new ColumnValue(name) { Type = unnamed.Type } : value;
        return name switch
        {
            "__table__" when type.Table is not null => type.Table,
            "__name__" => Values.Text(type.Name),
            "__members__" => new Mapping([.. Values.Items(type, out _).OfType<Instance>()
                .Select(member => new MapEntry(member.Fields["name"], member))]),
            "metadata" => MetaData.Value,
            _ => new Foreign($"{type.Name}.{name}"),
        };
    }

    private Value Item(Value owner, Expression index)
    {
        if (index is Slice slice)
            return Sliced(owner, slice);
        var key = Evaluate(index);
        switch (owner)
        {
            case Mapping map:
                return ContainerMethods.Get(map, key, out _) ?? ContainerMethods.Any(map);
            case Sequence { Uncertain: false } list when Values.AsInteger(key) is { } at:
                at = at < 0 ? at + list.Items.Count : at;
                return at >= 0 && at < list.Items.Count ? list.Items[(int)at] : Opaque.Value;
            case Sequence list:
                return Values.OneOf(list.Items, "an item of a list");
            case Constant { Value: string text } when !Holes.In(text) && Values.AsInteger(key) is { } at:
                at = at < 0 ? at + text.Length : at;
                return at >= 0 && at < text.Length ? Values.Text(text[(int)at].ToString()) : Opaque.Value;
            case ColumnsOf:
                return new ColumnValue(Values.AsText(key));
            case Member { Owner: MetaData, Name: "tables" }:
                return new TableValue(Values.AsText(key) is { } name ? SchemaValues.Dotted(name) : null, []);
            case Class { IsEnum: true } type:
                return Values.AsText(key) is { } member && type.Find(member) is { } found ? found : Opaque.Value;
            case Query query:
                return query.IsPart ? query : new Query(query.Entity, isRow: true);
            case Member when RowOf(owner) is { } row:
                return PartOf(row, null);
            case ModulePath or Foreign or Member:
                return new Foreign("an item of an unknown value");
            case SqlExpression or ColumnValue:
                return Arithmetic.SqlOf(owner, key);
            default:
                return Opaque.Value;
        }
    }

    private Value Sliced(Value owner, Slice slice)
    {
        var lower = slice.Lower is null ? Constant.None : Evaluate(slice.Lower);
        var upper = slice.Upper is null ? Constant.None : Evaluate(slice.Upper);
        Effort.Spend(owner switch { Sequence list => list.Items.Count, Constant { Value: string text } => text.Length >> 3, _ => 1 });
        var whole = slice.Step is null && IsBound(lower) && IsBound(upper);
        switch (owner)
        {
            case Sequence { Uncertain: false } list when whole:
                var (start, end) = Range(lower, upper, list.Items.Count);
                return new Sequence(list.Items[start..end], list.Kind);
            case Sequence list:
                return new Sequence([.. list.Items], list.Kind, uncertain: true);
            case Constant { Value: string text } when whole && !Holes.In(text):
                var (from, to) = Range(lower, upper, text.Length);
                return Values.Text(text[from..to]);
            case Constant { Value: string }:
                return Values.Text(Holes.Text);
            case Query:
                return owner;
            case Opaque or Constant:
                return Opaque.Value;
            default:
                return new Foreign("a slice of an unknown value");
        }
    }

    private static bool IsBound(Value value) => value is Constant { Value: null or long };

    private static (int Start, int End) Range(Value lower, Value upper, int count)
    {
        static int Bound(long value, int count) => (int)Math.Clamp(value < 0 ? value + count : value, 0, count);
        var start = Bound(Values.AsInteger(lower) ?? 0, count);
        return (start, Math.Max(start, Bound(Values.AsInteger(upper) ?? count, count)));
    }

    private static bool IsMutator(string name) => name is "append" or "extend" or "insert" or "remove" or "clear" or "add" or "discard" or "update" or "pop" or "set"
        or "setdefault" or "popitem" or "sort" or "reverse" or "difference_update" or "intersection_update" or "symmetric_difference_update" or "changed" or "appendleft"
        or "popleft" or "extendleft" or "rotate" or "__setitem__" or "__delitem__" or "__iadd__" or "__ior__" or "__iand__" or "__isub__" or "__ixor__" or "__imul__";

    private Value CallMember(Value owner, string name, CallArguments arguments, int line)
    {
        switch (owner)
        {
            case ModulePath or Class or Instance or Foreign:
                return CallValue(Attribute(owner, name), arguments, line);
            case Connection:
                return CallConnection(name, arguments, line);
            case Context:
                return CallContext(name, arguments, line);
            case Session:
                return CallSession(name, arguments, line);
            case Batch batch:
                return Operation(name, arguments, batch, line);
            case Query query:
                return CallQuery(query, name, arguments, line);
            case TableValue table:
                return CallTable(table, name, arguments, line);
            case MetaData:
                return CallMetaData(name, arguments, line);
            case TypeValue type:
                return CallType(type, name, arguments, line);
            case SequenceObject or IndexValue when name is "create" or "drop":
                return Ddl(name == "create" ? "Create" : "Drop", owner, arguments, line);
            case CoreStatement statement:
                return CoreStatements.Call(statement, name, arguments);
            case SqlExpression or ColumnValue:
                return CallSqlExpression(owner, name, arguments);
            case Inspector:
                CallBack(arguments, line);
                return name is "get_bind" or "connect" ? Connection.Value : Opaque.Value;
            case Member { Owner: Inspector or Opaque }:
                return Opaque.Value;
            case DatabaseUrl:
                return name switch
                {
                    "get_backend_name" => Values.Text("postgresql"),
                    "get_dialect" => Inspector.Value,
                    "render_as_string" or "__str__" => Values.Text(DatabaseUrl.Text),
                    _ => Opaque.Value,
                };
            case Member { Owner: MetaData, Name: "tables" } when name == "get":
                return new TableValue(Values.AsText(arguments.At(0)) is { } tableName ? SchemaValues.Dotted(tableName) : null, []);
            case Constant { Value: string text }:
                return StringMethods.Call(text, name, arguments);
            case Sequence list:
                CallBack(arguments, line, list);
                return ContainerMethods.Call(list, name, arguments, conditional == 0);
            case Mapping map:
                return ContainerMethods.Call(map, name, arguments, conditional == 0);
            case Opaque or Constant or SessionFactory or ColumnsOf or ConstraintValue or IndexValue or SequenceObject:
                return CallData(owner, name, arguments, line);
        }

        return CallForeign(name, arguments, line);
    }

    /// <summary>A method of data that isn't known: it can't reach the database unless it is handed something that can.</summary>
    private Value CallData(Value owner, string name, CallArguments arguments, int line)
    {
        if (IsDatabaseMethod(name) || arguments.All.Any(Values.ReachesDatabase))
            return CallForeign(name, arguments, line);
        CallBack(arguments, line);
        if (owner is Opaque && rowsAmongData && IsMutator(name))
            ContentChanged(owner, line);
        rowsAmongData |= arguments.All.Any(Values.HoldsRow);
        return owner is SessionFactory or SequenceObject ? owner is SessionFactory ? Session.Value : new SqlExpression(null) : Opaque.Value;
    }
}
