using Runback.Runbook.Migrations.Python;

namespace Runback.Runbook.Migrations.Alembic;

/// <content>Calls: of functions of the file, of methods, of what was imported.</content>
internal sealed partial class Evaluator
{
    private Value Call(Call call)
    {
        if (call.Function is AttributeReference { Value: Call { Function: Name { Id: "super" } }, Attribute: var inherited })
            return CallSuper(inherited, Arguments(call), call.Line);

        if (call.Function is AttributeReference method)
        {
            var owner = Evaluate(method.Value);
            return CallMember(owner, method.Attribute, Arguments(call, DataOnly(owner)), call.Line);
        }

        var function = Evaluate(call.Function);
        return CallValue(function, Arguments(call, DataOnly(function)), call.Line);
    }

    /// <summary>A base class's constructor only fills the object, unless it gets hold of the database; any other method isn't followed.</summary>
    private Value CallSuper(string method, CallArguments arguments, int line)
    {
        if (method == "__init__" && !arguments.All.Any(Values.ReachesDatabase))
            return Constant.None;
        return CallForeign("super." + method, arguments, line);
    }

    /// <summary>Whether a call only builds a description (a column, a type): unknown functions among its arguments do nothing.</summary>
    private static bool DataOnly(Value function) => function is ModulePath path && Modules.IsSqlAlchemy(path.Path);

    private CallArguments Arguments(Call call, bool dataOnly = false)
    {
        var arguments = new CallArguments();
        dataDepth += dataOnly ? 1 : 0;
        foreach (var argument in call.Arguments)
        {
            var value = Evaluate(argument.Value);
            if (argument.Keyword is not null)
            {
                arguments.Named[argument.Keyword] = value;
            }
            else if (argument.Stars == 1)
            {
                arguments.Positional.AddRange(Values.Items(value, out var certain));
                arguments.Incomplete |= !certain;
            }
            else if (argument.Stars == 2)
            {
                if (value is not Mapping map)
                {
                    arguments.Incomplete = true;
                    continue;
                }

                arguments.Incomplete |= map.Uncertain;
                foreach (var (key, entry) in map.Entries)
                {
                    if (Values.AsText(key) is { } name)
                        arguments.Named[name] = entry;
                    else
                        arguments.Incomplete = true;
                }
            }
            else
            {
                arguments.Positional.Add(value);
            }
        }

        dataDepth -= dataOnly ? 1 : 0;
        return arguments;
    }

    private Value CallValue(Value function, CallArguments arguments, int line)
    {
        switch (function)
        {
            case Function own:
                if (own.ForeignDecorator is { } decorator)
                    Unfollowed(line, $"@{decorator}", "the decorator's code is not in this file");
                if (Invoke(own, arguments, line, out var result) == Flow.Raise)
                    raisesNow = true;
                return result;
            case Class type:
                return Construct(type, arguments, line);
            case ModulePath path:
                return CallPath(path, arguments, line);
            case Member member:
                return CallMember(member.Owner, member.Name, arguments, line);
            case SessionFactory:
                return Session.Value;
            case Foreign foreign:
                return CallForeign(foreign.Name, arguments, line);
            case TypeValue or SqlExpression or ColumnValue or CoreStatement or Connection:
                return function;
            default:
                return CallForeign("a value that is not known", arguments, line);
        }
    }

    private Value CallPath(ModulePath path, CallArguments arguments, int line)
    {
        if (path.IsOperation)
            return Operation(path.Last, arguments, null, line);
        if (path.IsUnder("alembic.context"))
            return CallContext(path.Last, arguments, line);
        if (Modules.IsSqlAlchemy(path.Path))
            return CallSqlAlchemy(path, arguments, line);
        if (Modules.IsHarmless(path))
            return CallHarmless(path, arguments, line);
        if (path.IsUnder("alembic_utils"))
            return CallAlembicUtils(path, arguments, line);
        return CallForeign(path.Path, arguments, line);
    }

    /// <summary>A call of code that is not in the file.</summary>
    private Foreign CallForeign(string name, CallArguments arguments, int line)
    {
        var last = name[(name.LastIndexOf('.') + 1)..];
        var reaches = arguments.Incomplete || arguments.All.Any(Values.ReachesDatabase) || arguments.All.Any(Values.HoldsRow);
        var constructs = last.Length > 0 && char.IsAsciiLetterUpper(last[0]);
        if (loading || (!reaches && (dataDepth > 0 || constructs)))
            return new Foreign(name);
        Unfollowed(line, $"{name}(…)", "its code is not in this file");
        CallBack(arguments, line);
        return new Foreign(name);
    }

    /// <summary>A call of Python's library: harmless by itself, what it is handed may be called.</summary>
    private Value CallHarmless(ModulePath path, CallArguments arguments, int line)
    {
        if (path.Path is "sys.exit" or "os._exit" or "builtins.exit" or "builtins.quit")
        {
            raisedAt = Here(line);
            raisesNow = true;
            return Opaque.Value;
        }

        if (Modules.RunsCode(path))
            return CallForeign(path.Path, arguments, line);
        if (Builtins.Call(this, path, arguments, line) is { } value)
            return value;
        if (!Modules.OnlyLooks(path) && arguments.All.Any(Values.ReachesDatabase))
            return CallForeign(path.Path, arguments, line);
        // dict.update(row.extra, …), object.__setattr__(row, …): the method is called with what it changes.
        if (arguments.At(0) is { } self && RowOf(self) is { } row && path.Path.Count(c => c == '.') > 1 && (IsMutator(path.Last) || path.Last is "__setattr__" or "__delattr__"))
            return CallRow(row, path.Last, arguments.WithoutFirst(), line);
        CallBack(arguments, line);
        if (path.Last is "import_module")
            return new Foreign("a module imported by name");
        if (!arguments.All.Any(Values.HoldsRow))
            return Opaque.Value;
        if (Modules.ChangesItsArgument(path))
        {
            if (arguments.At(0) is { } changed && Values.HoldsRow(changed))
                ContentChanged(RowOf(changed) ?? Values.RowIn(changed), line);
            return Constant.None;
        }

        return Modules.PassesOn(path) ? Values.OneOf([.. arguments.All.Where(Values.HoldsRow).Select(Values.RowIn)], "a row") : Opaque.Value;
    }

    private Value Construct(Class type, CallArguments arguments, int line)
    {
        if (type.IsEnum)
            return Opaque.Value;
        if (type.ForeignBase is { } parent && type.Table is null && arguments.All.Any(value => Values.ReachesDatabase(value) || Values.HoldsRow(value)))
            Unfollowed(line, $"{type.Name}(…)", $"the code of its base class {parent} is not in this file");
        var instance = new Instance(type);
        foreach (var (name, value) in arguments.Named)
            instance.Fields[name] = value;
        if (type.Find("__init__") is Function constructor)
        {
            if (Invoke(constructor.BoundTo(instance), arguments, line, out _) == Flow.Raise)
                raisesNow = true;
            return instance;
        }

        var next = 0;
        foreach (var name in type.Body.Own.Keys)
        {
            if (next < arguments.Positional.Count && type.Body.Own[name] is not Function)
                instance.Fields[name] = arguments.Positional[next++];
        }

        return instance;
    }

    /// <summary>Follows a function of the file.</summary>
    private Flow Invoke(Function function, CallArguments arguments, int line, out Value result)
    {
        result = Opaque.Value;
        if (calls >= MostCalls)
        {
            Unfollowed(line, $"{function.Name}(…)", "it calls itself too often to follow");
            return Flow.Normal;
        }

        var scope = new Scope(function.Scope);
        Bind(function, function.Self is null ? arguments : arguments.Prepended(function.Self), scope);
        var before = frame;
        var (from, calledAt) = (source, outside);
        source = function.Module ?? source;
        outside = source.IsImported ? outside ?? line : null;
        var raisedBefore = raisesNow;
        var data = dataDepth;
        calls++;
        raisesNow = false;
        dataDepth = 0;
        frame = new Frame(scope, isModule: false);
        var flow = Flow.Normal;
        if (function.Result is not null)
            result = Evaluate(function.Result);
        else
            flow = Block(function.Body!);
        conditional -= frame.MaybeReturned;
        if (raisesNow)
            flow = Flow.Raise;
        // A return that may have happened before: the call itself does not surely raise.
        if (flow == Flow.Raise && frame.MaybeReturned > 0)
            flow = Flow.Return;
        if (function.Body is not null)
            result = Result(function, flow);
        frame = before;
        (source, outside) = (from, calledAt);
        raisesNow = raisedBefore;
        dataDepth = data;
        calls--;
        return flow == Flow.Raise ? Flow.Raise : Flow.Normal;
    }

    private Value Result(Function function, Flow flow)
    {
        var results = frame.Results;
        if (frame.Yields)
        {
            if (function.IsContextManager)
                return results.Count > 0 ? results[0] : Opaque.Value;
            return new Sequence(results, SequenceKind.List, uncertain: true);
        }

        if (results.Count == 0)
            return Constant.None;
        var result = results[0];
        for (var i = 1; i < results.Count; i++)
            result = Values.Join(result, results[i]);
        return flow == Flow.Normal ? Values.Join(result, Constant.None) : result;
    }

    private static void Bind(Function function, CallArguments arguments, Scope scope)
    {
        var next = 0;
        Effort.Spend(arguments.Positional.Count + 2L * arguments.Named.Count);
        var named = new Dictionary<string, Value>(arguments.Named);
        foreach (var parameter in function.Parameters)
        {
            Value? value = null;
            if (parameter.Stars == 1)
            {
                if (parameter.Name.Length > 0)
                {
                    scope.Own[parameter.Name] = new Sequence([.. arguments.Positional.Skip(next)], SequenceKind.Tuple, arguments.Incomplete);
                    next = arguments.Positional.Count;
                }

                continue;
            }

            if (parameter.Stars == 2)
            {
                scope.Own[parameter.Name] =
                    new Mapping([.. named.Select(entry => new MapEntry(Values.Text(entry.Key), entry.Value))], arguments.Incomplete);
                continue;
            }

            if (named.Remove(parameter.Name, out var given))
                value = given;
            else if (next < arguments.Positional.Count)
                value = arguments.Positional[next++];
            else if (function.Defaults.TryGetValue(parameter.Name, out var usual))
                value = arguments.Incomplete ? Values.Join(usual, Opaque.Value) : usual;
            scope.Own[parameter.Name] = value ?? Opaque.Value;
        }
    }

    internal Value GetAttribute(Value owner, string name) => Attribute(owner, name);

    internal void PutAttribute(Value owner, string? name, Value value, int line)
    {
        if (name is not null)
            SetAttribute(owner, name, value, line);
        else if (RowOf(owner) is { } row)
            AttributeChanged(row, null, line);
        else if (owner is not (Opaque or Instance) || (owner is Opaque && rowsAmongData))
            Unfollowed(line, "setattr(…)", "which attribute is set is not known");
    }

    /// <summary><c>map</c> and <c>filter</c>: the function is followed for each item.</summary>
    /// <param name="function">The function.</param>
    /// <param name="over">What it is called for.</param>
    /// <param name="results">True for a list of what it gives, false for what it was called for.</param>
    /// <param name="line">The line of the call.</param>
    /// <param name="spread">True when each item is the list of its arguments.</param>
    internal Value Map(Value function, Value over, bool results, int line, bool spread = false)
    {
        CallArguments Arguments(Value item) => spread && item is Sequence several ? CallArguments.Of([.. several.Items]) : CallArguments.Of(item);
        var items = Values.Items(over, out var certain);
        var mapped = new List<Value>();
        foreach (var item in items)
        {
            if (certain)
                mapped.Add(CallValue(function, Arguments(item), line));
            else
                mapped.Add(EitherValue(() => CallValue(function, Arguments(item), line), () => Opaque.Value));
        }

        return results ? new Sequence(mapped, SequenceKind.List, !certain) : new Sequence(items, SequenceKind.List, uncertain: true);
    }
}
