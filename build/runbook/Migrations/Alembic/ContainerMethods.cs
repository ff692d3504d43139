namespace Runback.Runbook.Migrations.Alembic;

/// <summary>Methods of lists, tuples, sets and dicts. A change under a condition makes the collection uncertain, never wrong.</summary>
internal static class ContainerMethods
{
    /// <summary>Puts an entry; under a condition (<paramref name="certain"/> false) both the old and the new one may hold.</summary>
    internal static void Put(Mapping map, Value key, Value value, bool certain)
    {
        if (key is ColumnValue { Name: not null } && certain)
        {
            // {table.c.a: value}: what an update sets.
            map.Entries.Add(new(key, value));
            return;
        }

        if (!Values.IsKnown(key) || !certain)
        {
            map.Uncertain = true;
        }
        else if (!map.Uncertain)
        {
            for (var i = 0; i < map.Entries.Count; i++)
            {
                if (Values.AreEqual(map.Entries[i].Key, key) == true)
                {
                    map.Entries[i] = new(map.Entries[i].Key, value);
                    return;
                }
            }
        }

        map.Entries.Add(new(key, value));
    }

    /// <summary>The value of a key; null when it isn't known.</summary>
    internal static Value? Get(Mapping map, Value key, out bool absent)
    {
        absent = false;
        if (map.Uncertain || !Values.IsKnown(key))
            return null;
        foreach (var entry in map.Entries)
        {
            var equal = Values.AreEqual(entry.Key, key);
            if (equal == true)
                return entry.Value;
            if (equal is null)
                return null;
        }

        absent = true;
        return null;
    }

    internal static List<Value> Distinct(List<Value> items)
    {
        var result = new List<Value>();
        foreach (var item in items)
        {
            if (!result.Exists(other => Values.AreEqual(other, item) == true))
                result.Add(item);
        }

        return result;
    }

    internal static Value SetOperation(Sequence left, string operation, Sequence right)
    {
        Effort.Spend(left.Items.Count + right.Items.Count);
        if (!Values.IsKnown(left) || !Values.IsKnown(right))
            return new Sequence(operation == "|" ? [.. left.Items, .. right.Items] : [.. left.Items], SequenceKind.Set, uncertain: true);
        bool InRight(Value item) => right.Items.Exists(other => Values.AreEqual(other, item) == true);
        return new Sequence(
            operation switch
            {
                "|" => Distinct([.. left.Items, .. right.Items]),
                "&" => left.Items.FindAll(InRight),
                _ => left.Items.FindAll(item => !InRight(item)),
            },
            SequenceKind.Set);
    }

    /// <summary>A method of a list, tuple or set.</summary>
    internal static Value Call(Sequence list, string method, CallArguments arguments, bool certain)
    {
        var first = arguments.At(0);
        Effort.Spend(method switch { "append" or "add" or "extend" => 1, "insert" or "pop" => list.Items.Count >> 4, _ => list.Items.Count });
        switch (method)
        {
            case "append" or "add" when first is not null:
                list.Items.Add(first);
                list.Uncertain |= !certain;
                if (list.Kind == SequenceKind.Set && !list.Uncertain)
                    Deduplicate(list);
                return Constant.None;
            case "extend" or "update" when first is not null:
                list.Items.AddRange(Values.Items(first, out var known));
                list.Uncertain |= !certain || !known;
                if (list.Kind == SequenceKind.Set && !list.Uncertain)
                    Deduplicate(list);
                return Constant.None;
            case "insert" when Values.AsInteger(first) is { } index && arguments.At(1) is { } inserted:
                list.Items.Insert((int)Math.Clamp(index < 0 ? list.Items.Count + index : index, 0, list.Items.Count), inserted);
                list.Uncertain |= !certain;
                return Constant.None;
            case "copy":
                return new Sequence([.. list.Items], list.Kind, list.Uncertain);
            case "count" or "index" or "isdisjoint" or "issubset" or "issuperset" or "__len__" or "__contains__":
                return Opaque.Value;
            case "union" when first is Sequence other:
                return SetOperation(list, "|", other);
            case "intersection" when first is Sequence other:
                return SetOperation(list, "&", other);
            case "difference" when first is Sequence other:
                return SetOperation(list, "-", other);
            case "sort" or "reverse":
                // The order isn't followed: every item stays, as one that may come at another place.
                list.Uncertain |= list.Items.Count > 1 && method == "sort";
                if (method == "reverse" && certain)
                    list.Items.Reverse();
                return Constant.None;
            case "pop" when certain && !list.Uncertain && list.Items.Count > 0 && list.Kind == SequenceKind.List && (first is null || Values.AsInteger(first) is not null):
                {
                    var at = first is null ? list.Items.Count - 1 : (int)Values.AsInteger(first)!.Value;
                    at = at < 0 ? at + list.Items.Count : at;
                    if (at < 0 || at >= list.Items.Count)
                        break;
                    var popped = list.Items[at];
                    list.Items.RemoveAt(at);
                    return popped;
                }
        }

        // Anything else may remove or add: keep what was there as possible.
        LoopEffects.Blur(list);
        return Values.OneOf(list.Items, $"the result of {method}()");
    }

    /// <summary>A method of a dict.</summary>
    internal static Value Call(Mapping map, string method, CallArguments arguments, bool certain)
    {
        var first = arguments.At(0);
        Effort.Spend(method == "items" ? 8L * map.Entries.Count : map.Entries.Count);
        switch (method)
        {
            case "items":
                return new Sequence([.. map.Entries.Select(entry => new Sequence([entry.Key, entry.Value], SequenceKind.Tuple))], SequenceKind.List, map.Uncertain);
            case "keys":
                return new Sequence([.. map.Entries.Select(entry => entry.Key)], SequenceKind.List, map.Uncertain);
            case "values":
                return new Sequence([.. map.Entries.Select(entry => entry.Value)], SequenceKind.List, map.Uncertain);
            case "copy":
                return new Mapping([.. map.Entries], map.Uncertain);
            case "get" when first is not null:
                return Get(map, first, out var absent) ?? (absent ? arguments.At(1) ?? Constant.None : Any(map));
            case "update":
                foreach (var source in arguments.Positional)
                {
                    if (source is Mapping other)
                    {
                        foreach (var (key, value) in other.Entries)
                            Put(map, key, value, certain && !other.Uncertain);
                    }
                    else
                    {
                        LoopEffects.Blur(map);
                    }
                }

                foreach (var (key, value) in arguments.Named)
                    Put(map, Values.Text(key), value, certain);
                return Constant.None;
            case "setdefault" when first is not null && certain:
                {
                    if (Get(map, first, out var missing) is { } there)
                        return there;
                    var value = arguments.At(1) ?? Constant.None;
                    Put(map, first, value, missing);
                    return missing ? value : Any(map);
                }
        }

        LoopEffects.Blur(map);
        return Any(map);
    }

    /// <summary>One of the values of a dict, not known which.</summary>
    internal static Value Any(Mapping map) => Values.OneOf([.. map.Entries.Select(entry => entry.Value)], "an entry of a dict");

    private static void Deduplicate(Sequence set)
    {
        var distinct = Distinct(set.Items);
        set.Items.Clear();
        set.Items.AddRange(distinct);
    }
}
