using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>Operations that alter columns, indexes and constraints.</content>
internal sealed partial class Evaluator
{
    private void AlterColumn(OperationCall call, int line) => OnTable(
        call,
        line,
        0,
        table =>
        {
            if (call.Text(1, "column_name") is not { } column)
            {
                Missing(call, line, "the column's name");
                return;
            }

            if (call.Arguments.Positional.Count > (call.InBatch ? 1 : 2))
            {
                Missing(call, line, "what its arguments without keywords mean");
                return;
            }

            var before = changes.Count;
            AlterColumn(table, column, call.Arguments, line);
            if (changes.Count == before)
                Emit(new Harmless($"nothing of {table.Part(column)}"), line);
        },
        "table_name");

    private void AlterColumn(ObjectName table, string column, CallArguments arguments, int line)
    {
        if (arguments.Get(-1, "type_", "type") is { } type && type is not Constant { Value: null })
        {
            var to = TypeNames.Of(type);
            Emit(
                new ColumnTypeChanged(table, column, TypeNames.Of(arguments.Get("existing_type"))?.Text, to?.Text)
                {
                    Using = arguments.Get("postgresql_using") is { } expression and not Constant { Value: null }
                        ? SchemaValues.Condition(expression) ?? SchemaValues.UnknownDefault
                        : null,
                },
                line);
            if (to is { ChecksValues: true })
                Emit(new ConstraintAdded(table, new ConstraintSpec(ConstraintKind.Check, [column])), line);
        }

        if (arguments.Get("nullable") is { } nullable && nullable is not Constant { Value: null })
        {
            // Not known whether NULL is allowed from now on: the stricter one.
            Emit(new ColumnNullabilityChanged(table, column, Values.Truth(nullable) ?? false), line);
        }

        if (arguments.Get("server_default") is { } given && given is not Constant { Value: false })
            AlterDefault(table, column, given, arguments.Get("existing_server_default"), line);
        if (arguments.Get("comment") is { } comment && comment is not Constant { Value: false })
            Emit(new Harmless($"comment on {table.Part(column)}"), line);
        if (arguments.Get(-1, "new_column_name", "name") is { } renamed && renamed is not Constant { Value: null })
        {
            if (Values.AsText(renamed) is { } name)
                Emit(new ColumnRenamed(table, column, name), line);
            else
                Unfollowed(line, "op.alter_column(…)", "the new name is not known before it runs");
        }
    }

    private void AlterDefault(ObjectName table, string column, Value given, Value? existing, int line)
    {
        switch (given, existing)
        {
            case (GeneratedValue { Kind: GenerationKind.Identity }, GeneratedValue { Kind: GenerationKind.Identity }):
                Emit(new ColumnIdentityChanged(table, column, Alteration.Changed), line);
                break;
            case (GeneratedValue { Kind: GenerationKind.Identity }, _):
                Emit(new ColumnIdentityChanged(table, column, Alteration.Added), line);
                break;
            case (GeneratedValue { Kind: GenerationKind.Computed } computed, _):
                Emit(new ColumnGenerationChanged(table, column, computed.Expression), line);
                break;
            case (Constant { Value: null }, GeneratedValue { Kind: GenerationKind.Identity }):
                Emit(new ColumnIdentityChanged(table, column, Alteration.Dropped), line);
                break;
            case (Constant { Value: null }, GeneratedValue { Kind: GenerationKind.Computed }):
                Emit(new ColumnGenerationChanged(table, column, null), line);
                break;
            case (Constant, _) or (SqlExpression, _) or (GeneratedValue, _):
                Emit(new ColumnDefaultChanged(table, column, SchemaValues.Default(given)), line);
                break;
            default:
                // A default that isn't known may be none.
                Unfollowed(line, "op.alter_column(…)", $"the new default of {table.Part(column)} is not known before it runs");
                break;
        }
    }

    private void CreateIndex(OperationCall call, int line) => OnTable(
        call,
        line,
        1,
        table =>
        {
            var columns = call.Get(2, "columns", table: 1);
            var name = call.OptionalName(0, ["index_name", "name"], out _, table: 1);
            CreateIndex(
                table,
                name,
                columns is Sequence { Uncertain: false } list ? list.Items : [Opaque.Value],
                call.Arguments.Flag("unique", otherwise: call.Get(4, "unique", table: 1) is Constant { Value: true } && !call.InBatch, unknown: true),
                SchemaValues.Condition(call.Arguments.Get("postgresql_where")),
                call.Arguments,
                line);
        },
        "table_name",
        "tablename");

    private void CreateIndex(IndexValue index, ObjectName table, int line) =>
        CreateIndex(table, index.Name, index.Keys, index.Unique, index.Predicate, index.Options, line);

    private void CreateIndex(ObjectName table, string? name, List<Value> keys, bool unique, string? predicate, CallArguments arguments, int line)
    {
        var known = keys.ConvertAll(SchemaValues.Key);
        // An expression whose text isn't known may fail for rows that old code writes.
        if (known.Contains(null))
            Unfollowed(line, $"index {name ?? "without a name"} on {table}", "one of its columns or expressions is not known before it runs");
        if (known.TrueForAll(key => key is null))
            return;
        Emit(
            new IndexCreated(name, table, known.Where(key => key is not null).Select(key => key!).ToValueList())
            {
                Unique = unique,
                Predicate = predicate ?? (arguments.Get("postgresql_where") is not null and not Constant { Value: null } ? SchemaValues.UnknownDefault : null),
                Concurrently = arguments.Flag("postgresql_concurrently", otherwise: false, unknown: false),
                IfNotExists = arguments.Flag("if_not_exists", otherwise: false, unknown: true),
                NullsNotDistinct = arguments.Flag("postgresql_nulls_not_distinct", otherwise: false, unknown: true),
                Method = arguments.Get("postgresql_using") is { } method and not Constant { Value: null } ? Values.AsText(method)?.ToLowerInvariant() : null,
                Included = SchemaValues.ColumnNames(arguments.Get("postgresql_include")) ?? [],
            },
            line);
    }

    private void DropIndex(OperationCall call, int line)
    {
        var table = call.Table(1, "table_name", "tablename");
        var name = call.Text(0, "index_name", table: 1) ?? Values.AsText(call.Arguments.Get("name"));
        if (name is null || call.Arguments.Incomplete)
        {
            Missing(call, line, "the index's name");
            return;
        }

        var index = table?.Sibling(name) ?? SchemaValues.Named(name, call.Arguments.Get("schema"));
        if (index is null)
            Missing(call, line, "the schema");
        else
            Emit(new IndexDropped(index, table) { IfExists = call.IfExists, Concurrently = call.Arguments.Flag("postgresql_concurrently", otherwise: false, unknown: false) }, line);
    }

    private void CreateConstraint(OperationCall call, int line) => OnTable(
        call,
        line,
        1,
        table =>
        {
            var name = call.OptionalName(0, ["constraint_name", "name"], out _, table: 1);
            if (Described(call, name) is { } constraint)
                Emit(new ConstraintAdded(table, constraint), line);
            else
                Missing(call, line, "one of its columns");
        },
        "table_name",
        "source_table",
        "source",
        "table");

    private static ConstraintSpec? Described(OperationCall call, string? name)
    {
        var notValid = call.Arguments.Flag("postgresql_not_valid", otherwise: false, unknown: false);
        switch (call.Name)
        {
            case "create_unique_constraint" or "create_primary_key":
                return SchemaValues.ColumnNames(call.Get(2, "columns", table: 1)) is { } columns
                    ? new ConstraintSpec(call.Name == "create_primary_key" ? ConstraintKind.PrimaryKey : ConstraintKind.Unique, columns)
                    {
                        Name = name, NullsNotDistinct = call.Arguments.Flag("postgresql_nulls_not_distinct", otherwise: false, unknown: true),
                    }
                    : null;
            case "create_check_constraint":
                return new ConstraintSpec(ConstraintKind.Check, [])
                {
                    Name = name, Expression = SchemaValues.Condition(call.Get(2, ["condition", "source"], table: 1)), NotValid = notValid,
                };
            case "create_exclude_constraint":
                return new ConstraintSpec(ConstraintKind.Exclusion, []) { Name = name };
            default:
                {
                    var local = SchemaValues.ColumnNames(call.Get(3, "local_cols", table: 1));
                    var remote = SchemaValues.ColumnNames(call.Get(4, "remote_cols", table: 1)) ?? [];
                    var target = Values.AsText(call.Get(2, ["referent_table", "referent"], table: 1));
                    return local is null ? null : new ConstraintSpec(ConstraintKind.ForeignKey, local)
                    {
                        Name = name,
                        References = SchemaValues.Named(target, call.Arguments.Get("referent_schema")),
                        ReferencedColumns = remote,
                        OnDelete = Values.AsText(call.Get(6, "ondelete", table: 1)),
                        NotValid = notValid,
                    };
                }
        }
    }

    private void DropConstraint(OperationCall call, int line) => OnTable(
        call,
        line,
        1,
        table =>
        {
            var name = call.OptionalName(0, ["constraint_name", "name"], out var known, table: 1);
            ConstraintKind? kind = Values.AsText(call.Get(2, ["type_", "type"], table: 1)) switch
            {
                "foreignkey" => ConstraintKind.ForeignKey,
                "primary" => ConstraintKind.PrimaryKey,
                "unique" => ConstraintKind.Unique,
                "check" => ConstraintKind.Check,
                _ => null,
            };
            if (known || kind is not null)
                Emit(new ConstraintDropped(table, name, kind) { IfExists = call.IfExists }, line);
            else
                Missing(call, line, "the constraint's name");
        },
        "table_name",
        "tablename");
}
