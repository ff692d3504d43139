namespace Runback.Runbook.Migrations.Alembic;

/// <summary>Python's comparisons; null where the outcome isn't known.</summary>
internal static class Comparisons
{
    internal static bool? Compare(Value left, string operation, Value right) => operation switch
    {
        "==" => Values.AreEqual(left, right),
        "!=" => !Values.AreEqual(left, right),
        "is" => IsSame(left, right),
        "is not" => !IsSame(left, right),
        "in" => Contains(right, left),
        "not in" => !Contains(right, left),
        _ => Ordered(left, operation, right),
    };

    private static bool? IsSame(Value left, Value right)
    {
        if (left is Constant { Value: null } || right is Constant { Value: null })
        {
            var other = left is Constant { Value: null } ? right : left;
            return other switch
            {
                Constant constant => constant.Value is null,
                Opaque or Foreign or Query or Member or SqlExpression => null,
                ModulePath path => Values.IsLibrary(path) ? false : null,
                _ => false,
            };
        }

        return left is Constant { Value: bool or long } || left is Instance ? Values.AreEqual(left, right) : null;
    }

    private static bool? Contains(Value container, Value item)
    {
        switch (container)
        {
            case Constant { Value: string text } when item is Constant { Value: string part } && !Holes.In(text) && !Holes.In(part):
                return text.Contains(part, StringComparison.Ordinal);
            case Constant { Value: string text } when item is Constant { Value: string part } && !Holes.In(part):
                return DatabaseUrl.Contains(text, part);
            case Mapping map:
                return Any(map.Entries.Select(entry => entry.Key), item, map.Uncertain);
            case Sequence list:
                return Any(list.Items, item, list.Uncertain);
            default:
                return null;
        }
    }

    private static bool? Any(IEnumerable<Value> items, Value item, bool uncertain)
    {
        var unknown = uncertain;
        foreach (var one in items)
        {
            var equal = Values.AreEqual(one, item);
            if (equal == true && !uncertain)
                return true;
            unknown |= equal is null or true;
        }

        return unknown ? null : false;
    }

    private static bool? Ordered(Value left, string operation, Value right)
    {
        if (left is Constant a && right is Constant b && Values.Number(a.Value) is { } x && Values.Number(b.Value) is { } y)
            return Holds(x.CompareTo(y), operation);
        if (Values.AsText(left) is { } text && Values.AsText(right) is { } other)
            return Holds(string.CompareOrdinal(text, other), operation);
        return null;
    }

    private static bool? Holds(int order, string operation) => operation switch
    {
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        ">=" => order >= 0,
        _ => null,
    };
}
