using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Applies a change of a table's columns, constraints, triggers or policies to the <see cref="SchemaState"/>.</summary>
internal static class TableChange
{
    /// <summary>Applies one change.</summary>
    public static void Apply(Change change, SchemaState schema)
    {
        switch (change)
        {
            case ColumnAdded added:
                AddColumn(added, schema);
                break;
            case ColumnDropped { Conditional: false } dropped:
                DropColumn(schema.TableOrOld(dropped.Table), dropped.Column);
                break;
            case ColumnRenamed { Conditional: false } renamed:
                RenameColumn(schema, renamed);
                break;
            case ColumnTypeChanged changed:
                Alter(schema, changed.Table, changed.Column, changed, spec => spec with { Type = changed.Conditional ? null : changed.To });
                break;
            case ColumnNullabilityChanged changed when !(changed.Conditional && changed.Nullable):
                Alter(schema, changed.Table, changed.Column, changed, spec => spec with { Nullable = changed.Nullable });
                break;
            case ColumnDefaultChanged changed when !(changed.Conditional && changed.Default is not null):
                Alter(schema, changed.Table, changed.Column, changed, spec => spec with { Default = changed.Default });
                break;
            case ColumnIdentityChanged changed:
                Alter(schema, changed.Table, changed.Column, changed, spec => spec with { Identity = changed.Alteration != Alteration.Dropped });
                break;
            case ColumnGenerationChanged changed:
                Alter(schema, changed.Table, changed.Column, changed, spec => spec with { Generated = changed.Expression });
                break;
            case ConstraintAdded { OnDomain: false } added:
                AddConstraint(added, schema);
                break;
            case ConstraintDropped { Conditional: false, OnDomain: false, Name: { } name } dropped:
                foreach (var gone in schema.TableOrOld(dropped.Table).Constraints.Where(constraint => constraint.Spec.Name == name))
                    schema.Gone(dropped.Table, gone);
                schema.TableOrOld(dropped.Table).Constraints.RemoveAll(constraint => constraint.Spec.Name == name);
                break;
            case ConstraintRenamed { Conditional: false } renamed:
                var constraints = schema.TableOrOld(renamed.Table).Constraints;
                for (var i = 0; i < constraints.Count; i++)
                    if (constraints[i].Spec.Name == renamed.Name)
                        constraints[i] = constraints[i] with { Spec = constraints[i].Spec with { Name = renamed.NewName } };
                break;
            default:
                ApplyTrigger(change, schema);
                break;
        }
    }

    private static void ApplyTrigger(Change change, SchemaState schema)
    {
        switch (change)
        {
            case TriggerCreated created:
                schema.TableOrOld(created.Table).Triggers.TryAdd(created.Name, schema.Born(created, created.Replaces));
                break;
            case TriggerDropped { Conditional: false } dropped:
                schema.TableOrOld(dropped.Table).Triggers.Remove(dropped.Name);
                break;
            case PolicyCreated created:
                schema.TableOrOld(created.Table).Policies.TryAdd(created.Name, schema.Born(created, false));
                break;
            case PolicyDropped { Conditional: false } dropped:
                schema.TableOrOld(dropped.Table).Policies.Remove(dropped.Name);
                break;
            case RowSecurityChanged { To: RowSecurity.Enabled or RowSecurity.Disabled } changed:
                schema.TableOrOld(changed.Table).RowSecurity = changed.To == RowSecurity.Enabled;
                break;
        }
    }

    private static void AddColumn(ColumnAdded added, SchemaState schema)
    {
        var table = schema.TableOrOld(added.Table);
        if (table.Columns.ContainsKey(added.Column.Name) && (added.IfNotExists || added.Conditional))
            return;
        table.Touched = schema.Migration;
        table.Columns[added.Column.Name] = new ColumnState(added.Column, schema.Born(added, added.IfNotExists), added.At);
    }

    private static void DropColumn(TableState table, string column)
    {
        table.Columns.Remove(column);
        // PostgreSQL drops the constraints over a column with it.
        table.Constraints.RemoveAll(constraint => constraint.Spec.Columns.Contains(column));
    }

    private static void RenameColumn(SchemaState schema, ColumnRenamed renamed)
    {
        var table = schema.TableOrOld(renamed.Table);
        if (table.Columns.Remove(renamed.Column, out var column))
            table.Columns[renamed.NewName] = column with { Spec = column.Spec with { Name = renamed.NewName } };
        for (var i = 0; i < table.Constraints.Count; i++)
        {
            var columns = table.Constraints[i].Spec.Columns.Select(name => name == renamed.Column ? renamed.NewName : name).ToValueList();
            table.Constraints[i] = table.Constraints[i] with { Spec = table.Constraints[i].Spec with { Columns = columns } };
        }
    }

    private static void Alter(SchemaState schema, ObjectName table, string column, Change change, Func<ColumnSpec, ColumnSpec> alter)
    {
        var altered = schema.TableOrOld(table);
        altered.Touched = schema.Migration;
        if (altered.Columns.TryGetValue(column, out var state))
            altered.Columns[column] = state with { Spec = alter(state.Spec), At = change.At };
    }

    private static void AddConstraint(ConstraintAdded added, SchemaState schema)
    {
        var table = schema.TableOrOld(added.Table);
        if (added.WithTable && table.Birth.Migration != schema.Migration)
            return;
        table.Touched = schema.Migration;
        var spec = added.Constraint.Name is null ? added.Constraint with { Name = GeneratedName(added.Table.Name, added.Constraint) } : added.Constraint;
        // What may not have been made doesn't take the place of what was there.
        if (added.Conditional && table.Constraints.Exists(constraint => constraint.Spec.Name == spec.Name))
            return;
        table.Constraints.Add(new ConstraintState(spec, (added.Conditional ? null : schema.AgainSince(added.Table, spec)) ?? schema.Born(added, false), added.At, added.WithTable));
        if (spec.Kind != ConstraintKind.PrimaryKey)
            return;
        foreach (var column in spec.Columns)
            Alter(schema, added.Table, column, added, before => before with { Nullable = false });
    }

    // PostgreSQL's own names (ChooseConstraintName): bookings_pkey, bookings_email_key, bookings_customer_id_fkey.
    private static string GeneratedName(string table, ConstraintSpec constraint) => constraint.Kind switch
    {
        ConstraintKind.PrimaryKey => $"{table}_pkey",
        ConstraintKind.Unique => $"{table}_{string.Join('_', constraint.Columns)}_key",
        ConstraintKind.ForeignKey => $"{table}_{string.Join('_', constraint.Columns)}_fkey",
        ConstraintKind.Check => constraint.Columns.Count > 0 ? $"{table}_{string.Join('_', constraint.Columns)}_check" : $"{table}_check",
        _ => $"{table}_{string.Join('_', constraint.Columns)}_excl",
    };
}
