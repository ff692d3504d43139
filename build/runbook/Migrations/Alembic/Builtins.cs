namespace Runback.Runbook.Migrations.Alembic;

/// <summary>Functions of Python's library whose results are worth knowing.</summary>
internal static class Builtins
{
    private const int MostItems = 3000;

    internal static bool IsBuiltin(string name) => name is
        "print" or "len" or "range" or "enumerate" or "zip" or "sorted" or "reversed" or "list" or "tuple" or "set" or "frozenset" or "dict" or "str" or "int"
        or "float" or "bool" or "bytes" or "isinstance" or "issubclass" or "hasattr" or "getattr" or "setattr" or "delattr" or "type" or "any" or "all" or "min" or "max" or "sum"
        or "abs" or "round" or "repr" or "iter" or "next" or "map" or "filter" or "open" or "exec" or "eval" or "globals" or "locals" or "vars" or "dir" or "id"
        or "hash" or "hex" or "bin" or "oct" or "ascii" or "ord" or "chr" or "input" or "callable" or "format" or "divmod" or "pow" or "object" or "super" or "property" or "staticmethod"
        or "classmethod" or "__import__" or "compile" or "exit" or "quit" or "__file__" or "__name__" or "__doc__" or "slice" or "memoryview" or "bytearray"
        or "Exception" or "BaseException" or "NotImplemented" or "NotImplementedError" || name.EndsWith("Error", StringComparison.Ordinal)
        || name.EndsWith("Warning", StringComparison.Ordinal);

    /// <summary>The result of a call; null when the function isn't one of these.</summary>
    internal static Value? Call(Evaluator evaluator, ModulePath path, CallArguments arguments, int line)
    {
        if (arguments.Incomplete)
            return path.Path is "builtins.print" ? Constant.None : null;
        var first = arguments.At(0);
        switch (path.Path)
        {
            case "builtins.print":
                return Constant.None;
            case "builtins.len":
                return first switch
                {
                    Sequence { Uncertain: false } list => new Constant((long)list.Items.Count),
                    Mapping { Uncertain: false } map => new Constant((long)map.Entries.Count),
                    Constant { Value: string text } when !Holes.In(text) => new Constant((long)text.Length),
                    _ => Opaque.Value,
                };
            case "builtins.str" or "builtins.format" when first is not null && arguments.Count == 1:
                return Values.Text(TextFormat.Str(first));
            case "builtins.repr" when first is not null:
                return Values.Text(TextFormat.Repr(first));
            case "builtins.int":
                if (Values.AsText(first) is { } digits && arguments.Count == 1 && long.TryParse(digits, out var number))
                    return new Constant(number);
                return first is Constant { Value: long } ? first : Opaque.Value;
            case "builtins.bool":
                return first is not null && Values.Truth(first) is { } truth ? Constant.Of(truth) : Opaque.Value;
            case "builtins.sorted" when first is not null && arguments.Get("key") is { } key && key is not Constant:
                evaluator.Map(key, first, results: false, line);
                return Collected(path.Last, arguments);
            case "builtins.list" or "builtins.tuple" or "builtins.set" or "builtins.frozenset" or "builtins.iter" or "builtins.sorted" or "builtins.reversed":
                return Collected(path.Last, arguments);
            case "builtins.dict" or "collections.OrderedDict":
                return Dict(arguments);
            case "collections.defaultdict":
                return new Mapping([], uncertain: true);
            case "builtins.range":
                return Range(arguments);
            case "builtins.enumerate" when first is not null:
                {
                    var items = Values.Items(first, out var certain);
                    Effort.Spend(8L * items.Count);
                    var start = Values.AsInteger(arguments.Get(1, "start")) ?? 0;
                    return new Sequence(
                        [.. items.Select((item, i) => new Sequence([certain ? new Constant(start + i) : Opaque.Value, item], SequenceKind.Tuple))],
                        SequenceKind.List,
                        !certain);
                }

            case "builtins.zip":
                return Zip(arguments);
            case "itertools.chain":
                return new Sequence([.. arguments.Positional.SelectMany(list => Values.Items(list, out _))], SequenceKind.List,
                    !arguments.Positional.TrueForAll(list => Certain(list)));
            case "itertools.product":
                return Product(arguments);
            case "builtins.any" or "builtins.all" when first is not null:
                return Quantified(first, path.Last == "all");
            case "builtins.next" when first is Sequence { Uncertain: false, Items.Count: > 0 } list:
                return list.Items[0];
            case "builtins.next" or "builtins.min" or "builtins.max":
                if (arguments.Get("key") is { } by && first is not null)
                    evaluator.Map(by, first, results: false, line);
                if (first is Query query)
                    return query.IsPart ? query : new Query(query.Entity, isRow: true);
                return arguments.All.Any(Values.HoldsRow)
                    ? Values.OneOf([.. arguments.All.SelectMany(item => item is Sequence list ? list.Items : [item])], path.Last)
                    : arguments.All.All(item => item is Constant or Opaque or Sequence or Function) ? Opaque.Value : new Foreign(path.Last);
            case "builtins.getattr" when first is not null && Values.AsText(arguments.At(1)) is { } name:
                return evaluator.GetAttribute(first, name);
            case "builtins.getattr" when first is Query row:
                return new Query(null, isRow: true) { IsPart = true };
            case "builtins.getattr":
                return new Foreign("an attribute by an unknown name");
            case "builtins.setattr" or "builtins.delattr":
                return evaluator.AttributeFunction(path.Last, arguments, line);
            case "builtins.map" when first is not null && arguments.Positional.Count > 2:
                {
                    var lists = CallArguments.Of([.. arguments.Positional.Skip(1)]);
                    return evaluator.Map(first, Zip(lists), results: true, line, spread: true);
                }

            case "builtins.map" or "builtins.filter" when first is not null && arguments.At(1) is { } over:
                return evaluator.Map(first, over, path.Last == "map", line);
            case "builtins.isinstance" or "builtins.issubclass" or "builtins.hasattr" or "builtins.callable":
                return Opaque.Value;
            case "builtins.open":
                return Opaque.Value;
            case "contextlib.suppress":
                return Suppression.Value;
            case "contextlib.nullcontext":
                return first ?? Constant.None;
            case "copy.deepcopy" when first is Query:
                return Opaque.Value;
            case "textwrap.dedent" or "inspect.cleandoc" or "typing.cast" or "copy.copy" or "copy.deepcopy":
                Effort.Spend(first switch { Sequence list => list.Items.Count, Mapping map => map.Entries.Count, _ => 1 });
                return (path.Last == "cast" ? arguments.At(1) : first) switch
                {
                    Sequence list => new Sequence([.. list.Items], list.Kind, list.Uncertain),
                    Mapping map => new Mapping([.. map.Entries], map.Uncertain),
                    { } same => same,
                    null => null,
                };
            case "logging.getLogger" or "structlog.get_logger" or "structlog.getLogger":
                return new ModulePath("logging.logger");
            case "asyncio.run":
                return first;
            case "json.dumps" or "re.sub" or "re.escape" or "os.path.join":
                return Values.Text(Holes.Text);
            default:
                return null;
        }
    }

    private static bool Certain(Value list)
    {
        Values.Items(list, out var certain);
        return certain;
    }

    private static Sequence Collected(string kind, CallArguments arguments)
    {
        var certain = true;
        var items = arguments.At(0) is { } source ? Values.Items(source, out certain) : [];
        if (kind == "reversed")
            items.Reverse();
        if (kind == "sorted" && certain && items.Count > 1)
        {
            if (!items.TrueForAll(item => Values.AsText(item) is not null) || arguments.Named.Count > 0)
                return new Sequence(items, SequenceKind.List, uncertain: true);
            items.Sort((a, b) => string.CompareOrdinal(Values.AsText(a), Values.AsText(b)));
        }

        var sequence = kind switch
        {
            "tuple" => SequenceKind.Tuple,
            "set" or "frozenset" => SequenceKind.Set,
            _ => SequenceKind.List,
        };
        return new Sequence(sequence == SequenceKind.Set ? ContainerMethods.Distinct(items) : items, sequence, !certain);
    }

    private static Mapping Dict(CallArguments arguments)
    {
        var result = new Mapping([]);
        if (arguments.At(0) is Mapping map)
        {
            Effort.Spend(map.Entries.Count);
            result = new Mapping([.. map.Entries], map.Uncertain);
        }
        else if (arguments.At(0) is { } pairs)
        {
            foreach (var pair in Values.Items(pairs, out var certain))
            {
                if (pair is Sequence { Uncertain: false, Items: [var key, var value] })
                    ContainerMethods.Put(result, key, value, certain);
                else
                    LoopEffects.Blur(result);
                result.Uncertain |= !certain;
            }
        }

        foreach (var (name, value) in arguments.Named)
            ContainerMethods.Put(result, Values.Text(name), value, certain: true);
        return result;
    }

    private static Value Range(CallArguments arguments)
    {
        if (!arguments.Positional.TrueForAll(value => Values.AsInteger(value) is not null) || arguments.Positional.Count is 0 or > 3)
            return Opaque.Value;
        var from = arguments.Positional.Count == 1 ? 0 : Values.AsInteger(arguments.At(0))!.Value;
        var to = Values.AsInteger(arguments.At(arguments.Positional.Count == 1 ? 0 : 1))!.Value;
        var step = Values.AsInteger(arguments.At(2)) ?? 1;
        if (step == 0 || (decimal)Math.Abs((double)to - from) / Math.Abs((decimal)step) > MostItems)
            return Opaque.Value;
        var items = new List<Value>();
        // Wider than the numbers themselves: the last step may go beyond them.
        for (Int128 i = from; step > 0 ? i < to : i > to; i += step)
            items.Add(new Constant((long)i));
        Effort.Spend(4L * items.Count);
        return new Sequence(items, SequenceKind.List);
    }

    private static Sequence Zip(CallArguments arguments)
    {
        var certain = true;
        var lists = new List<List<Value>>();
        foreach (var argument in arguments.Positional)
        {
            lists.Add(Values.Items(argument, out var known));
            certain &= known;
        }

        var result = new List<Value>();
        var count = lists.Count == 0 ? 0 : certain ? lists.Min(list => list.Count) : lists.Max(list => list.Count);
        Effort.Spend(8L * count * lists.Count);
        for (var i = 0; i < count; i++)
            result.Add(new Sequence([.. lists.Select(list => certain && i < list.Count ? list[i] : Values.OneOf(list, "an item of a list"))], SequenceKind.Tuple));
        return new Sequence(result, SequenceKind.List, !certain);
    }

    private static Value Product(CallArguments arguments)
    {
        var certain = arguments.Named.Count == 0;
        List<List<Value>> rows = [[]];
        foreach (var argument in arguments.Positional)
        {
            var items = Values.Items(argument, out var known);
            certain &= known;
            if ((long)rows.Count * items.Count > MostItems)
                return Opaque.Value;
            Effort.Spend((long)rows.Count * items.Count * (rows.Count > 0 ? rows[0].Count + 1 : 1));
            rows = [.. rows.SelectMany(row => items.Select(item => (List<Value>)[.. row, item]))];
        }

        return new Sequence([.. rows.Select(row => new Sequence(row, SequenceKind.Tuple))], SequenceKind.List, !certain);
    }

    private static Value Quantified(Value list, bool all)
    {
        var items = Values.Items(list, out var certain);
        var unknown = !certain;
        foreach (var item in items)
        {
            var truth = Values.Truth(item);
            if (certain && truth == !all)
                return Constant.Of(!all);
            unknown |= truth is null;
        }

        return unknown ? Opaque.Value : Constant.Of(all);
    }
}
