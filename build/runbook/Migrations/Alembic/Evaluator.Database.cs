using Runback.Runbook.Migrations.Changes;
using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>What reaches the database besides Alembic's operations: connections, sessions, queries, tables.</content>
internal sealed partial class Evaluator
{
    /// <summary>Executes a statement: text, a Core statement, DDL, or something that isn't known.</summary>
    private void Execute(Value? statement, string what, int line)
    {
        switch (statement)
        {
            case Constant { Value: string sql } text:
                ExecuteText(sql, text.Line, what, line);
                break;
            case SqlExpression { IsStatement: true, Text: { } sql } text:
                ExecuteText(sql, text.Line, what, line);
                break;
            case SqlExpression { Effect: null, IsStatement: false, Text: not null }:
                // Executing sa.func.now() selects it.
                break;
            case CoreStatement core:
                ExecuteCore(core, line);
                break;
            case DdlElement element:
                Ddl(element.Name.StartsWith("Create", StringComparison.Ordinal) ? "Create" : element.Name.StartsWith("Drop", StringComparison.Ordinal) ? "Drop" : element.Name,
                    element.Subject, new CallArguments(), line);
                break;
            case SequenceObject sequence:
                Emit(new SequenceValueSet(sequence.Name), line);
                break;
            default:
                Unfollowed(line, what, "what is executed is not known before it runs");
                break;
        }
    }

    private void ExecuteText(string sql, int textLine, string what, int line)
    {
        // A letter may be a word, and a few words a change.
        Effort.Spend(sql.Length);
        if (sql.All(c => c == Holes.Mark || char.IsWhiteSpace(c)) && Holes.In(sql))
        {
            Unfollowed(line, what, "the SQL is not known before it runs");
            return;
        }

        var known = Holes.In(sql) ? Holes.Named(sql, ref holeNames) : sql;
        foreach (var change in SqlClassifier.Classify(known, At(textLine > 0 ? textLine : line), textLine > 0))
            Emit(change, change.At.Line > 0 ? change.At.Line : line);
    }

    private void ExecuteCore(CoreStatement statement, int line)
    {
        using var level = Effort.Deeper();
        foreach (var part in statement.Parts)
            ExecuteCore(part, line);
        if (statement.Effect is { } effect)
            Unfollowed(line, effect, "a function that could do more than compute");
        var table = statement.Table?.Name;
        switch (statement.Kind)
        {
            case StatementKind.Insert:
                Emit(new RowsInserted(table) { Updates = statement.Columns }, line);
                break;
            case StatementKind.Update:
                Emit(new RowsUpdated(table, statement.Columns), line);
                break;
            case StatementKind.Delete:
                Emit(new RowsDeleted(table), line);
                break;
        }
    }

    private Value CallConnection(string name, CallArguments arguments, int line)
    {
        switch (name)
        {
            case "execute" or "exec_driver_sql" or "scalar" or "scalars" or "stream" or "executemany" or "_execute_20":
                var statement = arguments.Get(0, "statement", "object_", "object");
                Execute(statement, $"{name}(…)", line);
                return statement is CoreStatement { Kind: StatementKind.Select, Table: { } entity } ? new Query(entity, isRow: false) : Opaque.Value;
            case "execution_options":
                if (arguments.Get("isolation_level") is not null and not Constant { Value: string and not "AUTOCOMMIT" })
                    Emit(new AutocommitBegun(), line);
                return Connection.Value;
            case "commit":
                Emit(new AutocommitBegun(), line);
                Emit(new AutocommitEnded(), line);
                return Constant.None;
            case "connect" or "begin" or "begin_nested" or "begin_twophase" or "raw_connection" or "cursor" or "get_bind" or "contextual_connect" or "engine" or "get_raw_connection"
                or "__enter__" or "raw_cursor":
                return Connection.Value;
            case "close" or "rollback" or "in_transaction" or "get_transaction" or "invalidate" or "detach" or "dispose" or "fetchall" or "fetchone" or "fetchmany"
                or "get_isolation_level" or "has_table" or "table_names" or "in_nested_transaction" or "get_execution_options" or "schema_for_object" or "is_valid" or "__exit__"
                or "fetchval" or "mogrify":
                return Opaque.Value;
            case "run_sync":
                return CallWithConnection(arguments, line);
            default:
                Unfollowed(line, $"….{name}(…)", "what this method of a connection does is not known");
                return new Foreign(name);
        }
    }

    /// <summary><c>run_sync(function, ...)</c>, <c>run_async(function, ...)</c>: the function gets the connection first.</summary>
    private Value CallWithConnection(CallArguments arguments, int line)
    {
        if (arguments.At(0) is not { } function)
        {
            Unfollowed(line, "run_sync(…)", "the function is not known");
            return Opaque.Value;
        }

        var passed = new CallArguments { Incomplete = arguments.Incomplete };
        passed.Positional.Add(Connection.Value);
        passed.Positional.AddRange(arguments.Positional.Skip(1));
        foreach (var (name, value) in arguments.Named)
            passed.Named[name] = value;
        return CallValue(function, passed, line);
    }

    private Value CallContext(string name, CallArguments arguments, int line)
    {
        switch (name)
        {
            case "is_offline_mode" or "is_transactional_ddl":
                return Constant.Of(name == "is_transactional_ddl");
            case "get_context" or "begin_transaction":
                return Context.Value;
            case "get_bind":
                return Connection.Value;
            case "autocommit_block":
                return AutocommitBlock.Value;
            case "get_x_argument" or "get_tag_argument" or "get_revision_argument" or "get_head_revision" or "get_current_revision" or "get_starting_revision_argument"
                or "get_main_option" or "get_head_revisions" or "get_current_heads":
                return Opaque.Value;
            case "execute":
                Execute(arguments.Get(0, "sql"), "context.execute(…)", line);
                return Constant.None;
            case "run_async":
                return CallWithConnection(arguments, line);
            default:
                Unfollowed(line, $"context.{name}(…)", "what this does to the database is not known");
                return new Foreign(name);
        }
    }

    private Value CallSession(string name, CallArguments arguments, int line)
    {
        switch (name)
        {
            case "execute" or "scalar" or "scalars" or "exec" or "stream" or "stream_scalars":
                var statement = arguments.Get(0, "statement", "clause");
                Execute(statement, $"session.{name}(…)", line);
                return statement switch
                {
                    CoreStatement { Kind: StatementKind.Select, Table: { } entity } => new Query(entity, isRow: name == "scalar"),
                    CoreStatement { Kind: StatementKind.Select, MayLoadRows: true } => new Query(null, isRow: name == "scalar"),
                    CoreStatement { Kind: StatementKind.Select } or Constant or SqlExpression => Opaque.Value,
                    _ => new Query(null, isRow: false),
                };
            case "query":
                return new Query(CoreStatements.OnlyEntity(arguments), isRow: false);
            case "get" or "get_one":
                return new Query(SchemaValues.TableOf(arguments.At(0)), isRow: true);
            case "merge" or "add":
                if (arguments.At(0) is Query { Entity: var changed })
                {
                    Emit(new RowsUpdated(changed?.Name, []), line);
                }
                else
                {
                    var merged = SchemaValues.TableOf(arguments.At(0))?.Name;
                    Emit(new RowsInserted(merged), line);
                    // A row of the same key is overwritten.
                    if (name == "merge")
                        Emit(new RowsUpdated(merged, []), line);
                }

                return name == "merge" ? new Query(SchemaValues.TableOf(arguments.At(0)), isRow: true) : Constant.None;
            case "add_all" or "bulk_save_objects":
                {
                    var items = arguments.At(0) is { } list ? Values.Items(list, out _) : [];
                    foreach (var table in items.Select(item => SchemaValues.TableOf(item)?.Name).Distinct().DefaultIfEmpty(null))
                        Emit(new RowsInserted(table), line);
                    if (name == "bulk_save_objects")
                        Emit(new RowsUpdated(null, []), line);
                    return Constant.None;
                }

            case "bulk_insert_mappings":
                Emit(new RowsInserted(SchemaValues.TableOf(arguments.At(0))?.Name), line);
                return Constant.None;
            case "bulk_update_mappings":
                Emit(new RowsUpdated(SchemaValues.TableOf(arguments.At(0))?.Name, []), line);
                return Constant.None;
            case "delete":
                Emit(new RowsDeleted(SchemaValues.TableOf(arguments.At(0))?.Name), line);
                return Constant.None;
            case "commit" or "flush" or "close" or "rollback" or "refresh" or "expunge" or "expunge_all" or "expire" or "expire_all" or "remove" or "in_transaction" or "is_active"
                or "invalidate" or "reset" or "prepare" or "enable_relationship_loading":
                return Constant.None;
            case "begin" or "begin_nested" or "__enter__" or "no_autoflush":
                return Session.Value;
            case "connection" or "get_bind":
                return Connection.Value;
            case "run_sync":
                return CallWithConnection(arguments, line);
            default:
                Unfollowed(line, $"session.{name}(…)", "what this method of a session does is not known");
                return new Foreign(name);
        }
    }

    private Value CallQuery(Query query, string name, CallArguments arguments, int line)
    {
        if (query.IsRow)
            return CallRow(query, name, arguments, line);

        switch (name)
        {
            case "update":
                {
                    var values = new CallArguments();
                    if (arguments.Get(0, "values") is { } given)
                        values.Positional.Add(given);
                    var columns = values.Positional is [Mapping] && CoreStatements.Call(new CoreStatement(StatementKind.Update, null), "values", values) is CoreStatement set ? set.Columns : [];
                    Emit(new RowsUpdated(query.Entity?.Name, columns), line);
                    return Opaque.Value;
                }

            case "delete":
                Emit(new RowsDeleted(query.Entity?.Name), line);
                return Opaque.Value;
            case "count" or "scalar" or "exists" or "subquery" or "as_scalar" or "scalar_subquery" or "statement" or "keys" or "mappings" or "__len__":
                return name is "count" or "scalar" or "keys" ? Opaque.Value : query;
            case "__iter__" or "__next__" or "first" or "one" or "one_or_none" or "get" or "scalar_one" or "scalar_one_or_none" or "fetchone" or "pop":
                return new Query(query.Entity, isRow: true);
            case "with_entities":
                return new Query(CoreStatements.OnlyEntity(arguments), isRow: false);
            case "add_entity" or "add_columns" or "add_column":
                return arguments.Incomplete || arguments.All.Any(part => part is not (ColumnValue or SqlExpression)) ? new Query(null, isRow: false) : query;
            case "filter" or "filter_by" or "where" or "join" or "outerjoin" or "options" or "order_by" or "limit" or "offset" or "distinct" or "group_by" or "having" or "with_for_update"
                or "yield_per" or "execution_options" or "enable_eagerloads" or "select_from" or "all" or "scalars" or "unique" or "fetchall" or "fetchmany"
                or "populate_existing" or "autoflush" or "union" or "union_all" or "slice" or "partitions" or "tuples" or "close" or "from_self" or "params"
                or "with_hint" or "correlate" or "cte" or "alias" or "label" or "lateral" or "columns" or "intersect" or "except_" or "freeze":
                return query;
            default:
                return CallForeign(name, arguments, line);
        }
    }

    private Value CallTable(TableValue table, string name, CallArguments arguments, int line)
    {
        switch (name)
        {
            case "insert" or "update" or "delete":
                return CoreStatements.Changing(name, table, arguments, 0);
            case "select" or "count":
                return CoreStatements.Select(arguments);
            case "join" or "outerjoin" or "alias" or "tablesample" or "lateral" or "correspond_on" or "exists" or "is_derived_from" or "compare":
                return name == "alias" ? table : new SqlExpression(null) { Effect = arguments.All.Select(Arithmetic.Effect).FirstOrDefault(effect => effect is not null) };
            case "create" or "drop":
                return Ddl(name == "create" ? "Create" : "Drop", table, arguments, line);
            case "append_column" or "append_constraint":
                table.Parts.AddRange(arguments.Positional);
                return Constant.None;
            case "exists_in" or "tometadata" or "to_metadata" or "with_only_columns":
                return table;
            default:
                Unfollowed(line, $"table.{name}(…)", "what this method of a table does is not known");
                return new Foreign(name);
        }
    }

    private Value CallMetaData(string name, CallArguments arguments, int line)
    {
        if (name is "reflect" or "clear" or "remove" or "bind")
            return Constant.None;
        Unfollowed(line, $"metadata.{name}(…)", "which tables it touches is not known before it runs");
        return Opaque.Value;
    }

    /// <summary><c>create()</c> and <c>drop()</c> of a table, index, sequence or type.</summary>
    private Constant Ddl(string action, Value subject, CallArguments arguments, int line)
    {
        switch (action, subject)
        {
            case ("Create", TableValue { Name: not null } table):
                CreateTable(table.Name, table.Parts, ifNotExists: arguments.Flag("checkfirst", otherwise: false, unknown: true), temporary: false, arguments, line);
                break;
            case ("Drop", TableValue { Name: not null } table):
                Emit(new ObjectDropped(ObjectKind.Table, table.Name) { IfExists = arguments.Flag("checkfirst", otherwise: false, unknown: true) }, line);
                break;
            case ("Create", SequenceObject { Name: not null } sequence):
                Emit(new ObjectCreated(ObjectKind.Sequence, sequence.Name) { IfNotExists = arguments.Flag("checkfirst", otherwise: true, unknown: true) }, line);
                break;
            case ("Drop", SequenceObject { Name: not null } sequence):
                Emit(new ObjectDropped(ObjectKind.Sequence, sequence.Name) { IfExists = true }, line);
                break;
            case ("Create", Constant { Value: string schema }) when !Holes.In(schema):
                Emit(new ObjectCreated(ObjectKind.Schema, ObjectName.Of(schema)) { IfNotExists = arguments.Flag("if_not_exists", otherwise: true, unknown: true) }, line);
                break;
            case ("Drop", Constant { Value: string schema }) when !Holes.In(schema):
                Emit(new ObjectDropped(ObjectKind.Schema, ObjectName.Of(schema)) { Cascade = arguments.Flag("cascade", otherwise: true, unknown: true) }, line);
                break;
            default:
                Unfollowed(line, $"{action.ToLowerInvariant()}(…)", "what is created or dropped is not known");
                break;
        }

        return Constant.None;
    }
}
