using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>SQLAlchemy Core statements: built here, done when they are executed.</summary>
internal static class CoreStatements
{
    internal static CoreStatement Select(CallArguments arguments)
    {
        var flat = arguments.Positional.SelectMany(part => part is Sequence list ? list.Items : [part]).ToList();
        var models = CallArguments.Of([.. flat.Where(part => part is not (ColumnValue or SqlExpression or TableValue or ColumnsOf or Constant))]);
        return new CoreStatement(StatementKind.Select, OnlyEntity(models))
        {
            MayLoadRows = arguments.Incomplete || models.Count > 0,
            Effect = arguments.Incomplete ? null : EffectOf(arguments.All),
            Parts = [.. flat.SelectMany(PartsOf)],
        };
    }

    /// <summary>The one model or table of which a query gives objects; null when there are several, or one that isn't known.</summary>
    internal static TableValue? OnlyEntity(CallArguments arguments)
    {
        TableValue? entity = null;
        foreach (var part in arguments.Positional.Where(part => part is not (ColumnValue or SqlExpression)))
        {
            if (SchemaValues.TableOf(part) is not { } table || (entity is not null && !Equals(entity.Name, table.Name)))
                return null;
            entity ??= table;
        }

        return arguments.Incomplete ? null : entity;
    }

    /// <summary>An insert, update or delete of a table.</summary>
    internal static CoreStatement Changing(string kind, TableValue? table, CallArguments arguments, int skip)
    {
        var statement = new CoreStatement(
            kind switch
            {
                "insert" => StatementKind.Insert,
                "update" => StatementKind.Update,
                _ => StatementKind.Delete,
            },
            table);
        // SQLAlchemy 1: update(table, whereclause, values).
        var values = arguments.Get(skip + 1, "values");
        return values is null ? statement : WithValues(statement, Call(values));
    }

    internal static Value Call(CoreStatement statement, string method, CallArguments arguments)
    {
        var effect = statement.Effect ?? EffectOf(arguments.All);
        Effort.Spend(statement.Parts.Count);
        var parts = new List<CoreStatement>(statement.Parts);
        parts.AddRange(arguments.All.SelectMany(PartsOf));
        switch (method)
        {
            case "values" when statement.Kind == StatementKind.Update:
                return WithValues(With(statement, effect, parts), arguments);
            case "ordered_values":
                return With(statement, effect, parts);
            case "on_conflict_do_update":
                return new CoreStatement(statement.Kind, statement.Table)
                {
                    Columns = Keys(arguments.Get("set_")) ?? [SchemaValues.UnknownDefault], Effect = effect, Parts = parts,
                };
            case "scalar_subquery" or "as_scalar" or "exists" or "label" or "subquery" or "alias" or "cte" or "lateral":
                {
                    // A part of another statement: a CTE may change rows, and does so when the whole is executed.
                    if (statement.Kind != StatementKind.Select)
                        return new CoreStatement(StatementKind.Select, null) { Effect = effect, Parts = [.. parts, statement] };
                    return With(statement, effect, parts);
                }

            case "with_only_columns" or "add_columns" or "select_from" or "from_statement" or "join":
                return new CoreStatement(statement.Kind, method is "select_from" or "join" ? statement.Table : null)
                {
                    Columns = statement.Columns, Effect = effect, Parts = parts, MayLoadRows = true,
                };
            case "compile":
                return new SqlExpression(null) { IsStatement = true };
            default:
                return With(statement, effect, parts);
        }
    }

    private static CallArguments Call(Value values)
    {
        var arguments = new CallArguments();
        arguments.Positional.Add(values);
        return arguments;
    }

    private static CoreStatement With(CoreStatement statement, string? effect, List<CoreStatement> parts) =>
        new(statement.Kind, statement.Table) { Columns = statement.Columns, Effect = effect, Parts = parts, MayLoadRows = statement.MayLoadRows };

    private static CoreStatement WithValues(CoreStatement statement, CallArguments arguments)
    {
        ValueList<string>? columns = arguments.Incomplete ? null : arguments.Named.Keys.ToValueList();
        foreach (var argument in arguments.Positional)
            columns = columns is not null && Keys(argument) is { } keys ? Both(columns, keys) : null;
        return new CoreStatement(statement.Kind, statement.Table)
        {
            Columns = columns is null ? [] : Both(columns, statement.Columns), Effect = statement.Effect, Parts = statement.Parts,
        };
    }

    private static ValueList<string> Both(ValueList<string> some, ValueList<string> others)
    {
        Effort.Spend(some.Count + others.Count);
        return some.Concat(others).ToValueList();
    }

    private static ValueList<string>? Keys(Value? value)
    {
        if (value is not Mapping { Uncertain: false } map)
            return null;
        var names = new List<string>();
        foreach (var (key, _) in map.Entries)
        {
            var name = key is ColumnValue column ? column.Name : Values.AsText(key);
            if (name is null)
                return null;
            names.Add(name);
        }

        return names.ToValueList();
    }

    private static List<CoreStatement> PartsOf(Value value)
    {
        using var level = Effort.Deeper();
        List<CoreStatement> parts = value switch
        {
            CoreStatement { Kind: not StatementKind.Select } statement => [statement],
            CoreStatement statement => statement.Parts,
            Sequence list => [.. list.Items.SelectMany(PartsOf)],
            _ => [],
        };
        Effort.Spend(parts.Count);
        return parts;
    }

    private static string? EffectOf(IEnumerable<Value> values)
    {
        foreach (var value in values)
        {
            if (value is CoreStatement { Kind: not StatementKind.Select })
                continue;
            if (Arithmetic.Effect(value) is { } effect)
                return effect;
        }

        return null;
    }
}
