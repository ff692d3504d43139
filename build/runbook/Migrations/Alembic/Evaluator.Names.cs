using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>Definitions and assignments.</content>
internal sealed partial class Evaluator
{
    private void Define(FunctionDefinition definition)
    {
        var function = WithDefaults(new Function(definition.Name, definition.Parameters, definition.Body, null, frame.Scope, definition.Line) { Module = source });
        foreach (var decorator in definition.Decorators)
        {
            var value = Evaluate(decorator);
            function.ForeignDecorator = value switch
            {
                ModulePath { Last: "contextmanager" or "asynccontextmanager" or "staticmethod" or "classmethod" or "property" } path => MarkDecorated(function, path.Last),
                ModulePath path when Modules.IsHarmless(path) => function.ForeignDecorator,
                Opaque => function.ForeignDecorator,
                ModulePath path => path.Last,
                Foreign foreign => foreign.Name,
                _ => "decorator",
            };
        }

        frame.Scope.Set(definition.Name, function);
    }

    private static string? MarkDecorated(Function function, string decorator)
    {
        function.IsContextManager |= decorator is "contextmanager" or "asynccontextmanager";
        function.IsStatic |= decorator == "staticmethod";
        function.IsProperty |= decorator == "property";
        return function.ForeignDecorator;
    }

    private Function WithDefaults(Function function)
    {
        foreach (var parameter in function.Parameters)
        {
            if (parameter.Default is not null)
                function.Defaults[parameter.Name] = Evaluate(parameter.Default);
        }

        return function;
    }

    private Class DefineClass(ClassDefinition definition)
    {
        var bases = new List<Value>();
        foreach (var argument in definition.Arguments)
            bases.Add(Evaluate(argument.Value));
        var isEnum = bases.Exists(parent => parent is ModulePath { Last: "Enum" or "IntEnum" or "StrEnum" or "Flag" or "IntFlag" } or Class { IsEnum: true });
        string? foreignBase = null;
        foreach (var parent in bases)
        {
            if (parent is Foreign { Name: var name })
                foreignBase = name;
            else if (parent is ModulePath path && !Modules.IsHarmless(path) && !path.IsUnder("sqlalchemy"))
                foreignBase = path.Last;
        }

        var scope = new Scope(frame.Scope);
        var before = frame;
        frame = new Frame(scope, isModule: before.IsModule);
        Block(definition.Body);
        frame = before;
        var type = new Class(definition.Name, scope, isEnum, foreignBase);
        type.Bases.AddRange(bases.OfType<Class>());
        if (isEnum)
            MakeMembers(type);
        type.Table = SchemaValues.OrmTable(type);
        return type;
    }

    private static void MakeMembers(Class type)
    {
        foreach (var (name, value) in type.Body.Own.ToArray())
        {
            if (name.StartsWith('_') || value is Function)
                continue;
            var member = new Instance(type);
            member.Fields["name"] = Values.Text(name);
            member.Fields["value"] = value;
            type.Body.Own[name] = member;
        }
    }

    private void Assign(Expression target, Value value, int line)
    {
        switch (target)
        {
            case Name name:
                frame.Scope.Set(name.Id, value);
                break;
            case Starred starred:
                Assign(starred.Value, value, line);
                break;
            case TupleDisplay tuple:
                Unpack(tuple.Items, value, line);
                break;
            case ListDisplay list:
                Unpack(list.Items, value, line);
                break;
            case AttributeReference attribute:
                SetAttribute(Evaluate(attribute.Value), attribute.Attribute, value, line);
                break;
            case Subscript subscript:
                SetItem(Evaluate(subscript.Value), Evaluate(subscript.Index), value, line);
                break;
        }
    }

    private void Unpack(IReadOnlyList<Expression> targets, Value value, int line)
    {
        var items = Values.Items(value, out var certain);
        var star = -1;
        for (var i = 0; i < targets.Count; i++)
            star = targets[i] is Starred ? i : star;
        if (!certain || (star < 0 && items.Count != targets.Count) || items.Count < targets.Count - 1)
        {
            var part = items.TrueForAll(item => item is Constant or Opaque or Sequence or Mapping) && !items.Exists(Values.HoldsRow)
                ? Opaque.Value
                : Values.OneOf(items, "a part of an unknown value");
            foreach (var target in targets)
                Assign(target, part, line);
            return;
        }

        if (star < 0)
        {
            for (var i = 0; i < targets.Count; i++)
                Assign(targets[i], items[i], line);
            return;
        }

        var after = targets.Count - star - 1;
        for (var i = 0; i < star; i++)
            Assign(targets[i], items[i], line);
        Assign(targets[star], new Sequence(items[star..(items.Count - after)], SequenceKind.List), line);
        for (var i = 0; i < after; i++)
            Assign(targets[star + 1 + i], items[items.Count - after + i], line);
    }

    private void SetAttribute(Value owner, string name, Value value, int line)
    {
        switch (owner)
        {
            case Instance instance:
                instance.Fields[name] = conditional > 0 && instance.Fields.TryGetValue(name, out var before) ? Values.Join(before, value) : value;
                break;
            case Query query:
                AttributeChanged(query, name, line);
                break;
            case Member { Owner: var held } when RowOf(held) is not null:
                Emit(new Changes.RowsUpdated(null, []), line);
                break;
            case Opaque when rowsAmongData:
                Unfollowed(line, $"….{name} = …", PerhapsARow);
                break;
            case Opaque:
                rowsAmongData = Values.HoldsRow(value);
                break;
            case Class type:
                type.Body.Own[name] = value;
                break;
            case Foreign foreign:
                Unfollowed(line, $"{foreign.Name}.{name} = …", PerhapsARow);
                break;
            case TableValue or Connection or Session or Batch:
                Unfollowed(line, $"….{name} = …", "a database object's attribute is changed");
                break;
        }
    }

    private void SetItem(Value owner, Value index, Value value, int line)
    {
        switch (owner)
        {
            case Mapping map:
                ContainerMethods.Put(map, index, value, conditional == 0);
                break;
            case Sequence list:
                if (conditional == 0 && !list.Uncertain && Values.AsInteger(index) is { } at && at >= 0 && at < list.Items.Count)
                {
                    list.Items[(int)at] = value;
                }
                else
                {
                    list.Items.Add(value);
                    list.Uncertain = true;
                }

                break;
            default:
                rowsAmongData |= owner is Opaque && Values.HoldsRow(value);
                ContentChanged(owner, line);
                break;
        }
    }

    private Flow Augment(AugmentedAssignment augmented)
    {
        var before = Evaluate(augmented.Target);
        if (Evaluated(augmented.Value, out var operand) == Flow.Raise)
            return Flow.Raise;
        if (before is Sequence { Kind: not SequenceKind.Tuple } list && (augmented.Operator == "+" || (augmented.Operator == "|" && list.Kind == SequenceKind.Set)))
        {
            // In place: other names of the same list see it too.
            ContainerMethods.Call(list, "extend", CallArguments.Of(operand), conditional == 0);
            return Flow.Normal;
        }

        // A list or dict of a row is changed in place, whatever name it has; text and numbers are not.
        if (RowOf(before) is { } row && augmented.Target is Name && augmented.Operator is "+" or "|" or "&" or "-" or "^" or "*" && operand is not Constant)
            ContentChanged(row, augmented.Line);
        Assign(augmented.Target, Arithmetic.Binary(before, augmented.Operator, operand), augmented.Line);
        return Flow.Normal;
    }
}
