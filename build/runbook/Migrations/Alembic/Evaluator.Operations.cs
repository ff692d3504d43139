using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>Alembic's operations (Alembic documentation, "Operation Reference"), of <c>op</c> and of a batch.</content>
internal sealed partial class Evaluator
{
    private Value Operation(string name, CallArguments given, Batch? batch, int line)
    {
        // A batch names the table once; its operations are the same ones without it.
        var call = batch is null ? new OperationCall(name, given, null, null) : new OperationCall(name, given, batch.Table, batch.Schema);
        switch (name)
        {
            case "get_bind":
                return Connection.Value;
            case "get_context" or "migration_context":
                return Context.Value;
            case "f":
                return given.At(0) ?? Opaque.Value;
            case "inline_literal":
                return new SqlExpression(SchemaValues.Default(given.At(0)));
            case "batch_alter_table":
                if (given.Get("recreate") is { } recreate && Values.AsText(recreate) is not ("auto" or "never"))
                    Unfollowed(line, "op.batch_alter_table(…)", "it makes the table anew");
                return new Batch(given.Get(0, "table_name") ?? Opaque.Value, given.Get(1, "schema"));
            case "run_async":
                return CallWithConnection(given, line);
            case "execute":
                if (given.Get("execution_options") is Mapping options && options.Find("isolation_level") is not null)
                    Emit(new AutocommitBegun(), line);
                Execute(given.Get(0, "sqltext"), "op.execute(…)", line);
                return Opaque.Value;
            case "bulk_insert":
                BulkInsert(given, line);
                return Constant.None;
            case "create_table":
                return CreateTable(call, line);
            case "drop_table":
                OnTable(call, line, 0, table => Emit(new ObjectDropped(ObjectKind.Table, table) { IfExists = call.IfExists }, line), "table_name", "name");
                return Constant.None;
            case "rename_table":
                RenameTable(call, line);
                return Constant.None;
            case "add_column":
                AddColumn(call, line);
                return Constant.None;
            case "drop_column":
                DropColumn(call, line);
                return Constant.None;
            case "alter_column":
                AlterColumn(call, line);
                return Constant.None;
            case "create_index":
                CreateIndex(call, line);
                return Constant.None;
            case "drop_index":
                DropIndex(call, line);
                return Constant.None;
            case "create_unique_constraint" or "create_primary_key" or "create_foreign_key" or "create_check_constraint" or "create_exclude_constraint":
                CreateConstraint(call, line);
                return Constant.None;
            case "drop_constraint":
                DropConstraint(call, line);
                return Constant.None;
            case "create_table_comment" or "drop_table_comment":
                Emit(new Harmless("comment on a table"), line);
                return Constant.None;
            case "create_entity" or "replace_entity" or "drop_entity":
                RunEntity(name, given, line);
                return Constant.None;
            default:
                Unfollowed(line, $"op.{name}(…)", "it is not one of Alembic's own operations");
                return new Foreign(name);
        }
    }

    /// <summary>Runs an action with the operation's table, or says that it isn't known.</summary>
    private void OnTable(OperationCall call, int line, int position, Action<ObjectName> action, params string[] names)
    {
        if (call.Arguments.Incomplete)
            Unfollowed(line, $"op.{call.Name}(…)", "some of its arguments are not known");
        else if (call.Table(position, names) is { } table)
            action(table);
        else
            Unfollowed(line, $"op.{call.Name}(…)", "the table's name is not known before it runs");
    }

    private void Missing(OperationCall call, int line, string what) => Unfollowed(line, $"op.{call.Name}(…)", $"{what} is not known before it runs");

    private void BulkInsert(CallArguments given, int line)
    {
        var rows = given.Get(1, "rows");
        if (rows is Sequence { Uncertain: false, Items.Count: 0 })
            Emit(new Harmless("an insert of no rows"), line);
        else
            Emit(new RowsInserted(SchemaValues.TableOf(given.Get(0, "table"))?.Name), line);
    }

    private void RenameTable(OperationCall call, int line) => OnTable(
        call,
        line,
        0,
        table =>
        {
            if (call.Text(1, "new_table_name") is { } name)
                Emit(new ObjectRenamed(ObjectKind.Table, table, table.Sibling(name)), line);
            else
                Missing(call, line, "the new name");
        },
        "old_table_name");

    private TableValue CreateTable(OperationCall call, int line)
    {
        var described = SchemaValues.Table(call.Arguments);
        OnTable(
            call,
            line,
            0,
            table => CreateTable(
                table,
                described.Parts,
                call.Arguments.Flag("if_not_exists", otherwise: false, unknown: true),
                call.Arguments.Get("prefixes") is { } prefixes && TextFormat.Repr(prefixes).Contains("TEMP", StringComparison.OrdinalIgnoreCase),
                call.Arguments,
                line),
            "table_name",
            "name");
        return described;
    }

    private void CreateTable(ObjectName table, List<Value> parts, bool ifNotExists, bool temporary, CallArguments arguments, int line)
    {
        Effort.Spend(8L * parts.Count);
        var columns = new List<ColumnSpec>();
        var keyed = parts.OfType<ConstraintValue>().Where(part => part.Spec?.Kind == ConstraintKind.PrimaryKey).SelectMany(part => part.Spec!.Columns).ToHashSet();
        foreach (var column in parts.OfType<ColumnValue>())
        {
            CreateEnum(column.Type, line);
            if (column.OwnSequence is { } sequence)
                Emit(new ObjectCreated(ObjectKind.Sequence, sequence) { IfNotExists = true }, line);
            if (column.Spec is not { } spec)
                continue;
            columns.Add(!keyed.Contains(spec.Name) ? spec : spec with
            {
                Nullable = false, Identity = spec.Identity || (keyed.Count == 1 && spec is { Default: null, Type: "integer" or "bigint" or "smallint" }),
            });
        }

        ValueList<ObjectName> inherits = arguments.Get("postgresql_inherits") switch
        {
            null => [],
            Constant { Value: string parent } => [SchemaValues.Dotted(parent)],
            var several => SchemaValues.ColumnNames(several)?.Select(SchemaValues.Dotted).ToValueList() ?? [],
        };
        Emit(new TableCreated(table, columns.ToValueList()) { IfNotExists = ifNotExists, Temporary = temporary, Inherits = inherits }, line);
        foreach (var part in parts)
        {
            switch (part)
            {
                case ColumnValue column:
                    if (column.Spec is null || column.Unfollowed is not null)
                        Unfollowed(line, $"a column of {table}", column.Unfollowed ?? "its name is not known");
                    ColumnConstraints(table, column, withTable: true, line);
                    break;
                case ConstraintValue { Spec: { } spec }:
                    Emit(new ConstraintAdded(table, spec) { WithTable = true }, line);
                    break;
                case ConstraintValue:
                    Unfollowed(line, $"a constraint of {table}", "its columns are not known");
                    break;
                case IndexValue index:
                    CreateIndex(index, table, line);
                    break;
                case MetaData:
                    break;
                default:
                    Unfollowed(line, $"a part of {table}", "it is not a column or constraint that is known");
                    break;
            }
        }
    }

    /// <summary>Creating a table creates its enums before it (SQLAlchemy manual, "PostgreSQL: ENUM types").</summary>
    private void CreateEnum(TypeValue? type, int line)
    {
        type = type?.Item ?? type;
        if (type is { EnumName: { } domain, Domain: { } definition })
            Emit(new ObjectCreated(ObjectKind.Domain, domain) { IfNotExists = true, Domain = definition }, line);
        else if (type is { EnumName: { } name, CreatesType: true })
            Emit(new ObjectCreated(ObjectKind.Type, name) { IfNotExists = true, Labels = type.Labels }, line);
    }

    /// <summary>The constraints and indexes that are written inside a column.</summary>
    private void ColumnConstraints(ObjectName table, ColumnValue column, bool withTable, int line)
    {
        if (column.Name is not { } name)
            return;
        if (column.PrimaryKey)
            Emit(new ConstraintAdded(table, new ConstraintSpec(ConstraintKind.PrimaryKey, [name])) { WithTable = withTable }, line);
        if (column.Unique && !column.Index)
            Emit(new ConstraintAdded(table, new ConstraintSpec(ConstraintKind.Unique, [name])) { WithTable = withTable }, line);
        if (column.Index)
            Emit(new IndexCreated(null, table, [name]) { Unique = column.Unique }, line);
        foreach (var constraint in column.Constraints)
            Emit(new ConstraintAdded(table, constraint) { WithTable = withTable }, line);
    }

    private void AddColumn(OperationCall call, int line) => OnTable(
        call,
        line,
        0,
        table =>
        {
            var described = call.Get(1, "column");
            if (described is not ColumnValue { Spec: { } spec } column)
            {
                Missing(call, line, "the column");
                return;
            }

            if (column.Unfollowed is { } why)
                Unfollowed(line, $"op.{call.Name}(…)", why);
            // It isn't made along with a column; what it is said to demand counts where no migration made it.
            if (column.Type is { Domain: not null })
                CreateEnum(column.Type, line);
            if (column.OwnSequence is { } sequence)
                Emit(new ObjectCreated(ObjectKind.Sequence, sequence) { IfNotExists = true }, line);
            Emit(new ColumnAdded(table, spec) { IfNotExists = call.Arguments.Flag("if_not_exists", otherwise: false, unknown: true) }, line);
            ColumnConstraints(table, column, withTable: false, line);
        },
        "table_name");

    private void DropColumn(OperationCall call, int line) => OnTable(
        call,
        line,
        0,
        table =>
        {
            if (call.Text(1, "column_name") is { } column)
                Emit(new ColumnDropped(table, column) { IfExists = call.IfExists }, line);
            else
                Missing(call, line, "the column's name");
        },
        "table_name");
}
