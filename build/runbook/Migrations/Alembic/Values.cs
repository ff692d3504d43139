using System.Numerics;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>What can be told of values: truth, equality, items, what either of two may be.</summary>
internal static class Values
{
    // No statement is as long: what grows beyond it, in a loop perhaps, counts as not known.
    private const int Longest = 1 << 20;

    internal static Constant Text(string text)
    {
        Effort.Spend(1 + (text.Length >> 3));
        return new(text.Length > Longest ? Holes.Text : text);
    }

    /// <summary>Whether a text of this length is short enough to be kept; what isn't need not be made.</summary>
    internal static bool IsKept(long length) => length <= Longest;

    internal static string? AsText(Value? value) => value is Constant { Value: string text } && !Holes.In(text) ? text : null;

    internal static long? AsInteger(Value? value) => value is Constant { Value: long number } ? number : null;

    /// <summary>Whether the value counts as true; null when that isn't known.</summary>
    internal static bool? Truth(Value value) => value switch
    {
        Constant { Value: null } => false,
        Constant { Value: bool flag } => flag,
        Constant { Value: long number } => number != 0,
        Constant { Value: BigInteger } => true,
        Constant { Value: double number } => number != 0,
        Constant { Value: string text } => text.Length == 0 ? false : text.All(c => c == Holes.Mark) ? null : true,
        Constant => null,
        Sequence list => list.Uncertain ? null : list.Items.Count > 0,
        Mapping map => map.Uncertain ? null : map.Entries.Count > 0,
        Connection or Context or Inspector or Session or MetaData or Batch or Function or Class or TypeValue => true,
        ColumnValue or TableValue => true,
        ModulePath path => IsLibrary(path) ? true : null,
        _ => null,
    };

    /// <summary>A name of Alembic's, SQLAlchemy's or Python's library is a function, class or module; any other may be a setting.</summary>
    internal static bool IsLibrary(ModulePath path) =>
        path.IsUnder("alembic.op") || path.Path == "alembic.context" || path.IsUnder("builtins") || (path.IsUnder("sqlalchemy") && path.Path.Contains('.'));

    internal static bool IsKnown(Value value)
    {
        using var level = Effort.Deeper();
        return value switch
        {
            Constant { Value: string text } => !Holes.In(text),
            Constant => true,
            Sequence list => !list.Uncertain && list.Items.TrueForAll(IsKnown),
            Mapping map => !map.Uncertain && map.Entries.TrueForAll(entry => IsKnown(entry.Key) && IsKnown(entry.Value)),
            _ => false,
        };
    }

    /// <summary>Whether two values are equal; null when that isn't known.</summary>
    internal static bool? AreEqual(Value left, Value right)
    {
        using var level = Effort.Deeper();
        if (left is Instance && ReferenceEquals(left, right))
            return true;
        if (left is Instance { Type.IsEnum: true } one && right is Instance { Type.IsEnum: true } other && ReferenceEquals(one.Type, other.Type))
            return false;
        if (!IsKnown(left) || !IsKnown(right))
            return null;
        return (left, right) switch
        {
            (Constant a, Constant b) => ConstantsEqual(a.Value, b.Value),
            (Sequence a, Sequence b) => a.Kind == SequenceKind.Set || b.Kind == SequenceKind.Set ? null : a.Kind == b.Kind && ItemsEqual(a, b),
            (Mapping, Mapping) => null,
            _ => false,
        };
    }

    private static bool ConstantsEqual(object? left, object? right)
    {
        if (Equals(left, right))
            return true;
        return Number(left) is { } a && Number(right) is { } b && a == b;
    }

    internal static double? Number(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => number,
        double number => number,
        _ => null,
    };

    private static bool ItemsEqual(Sequence left, Sequence right)
    {
        if (left.Items.Count != right.Items.Count)
            return false;
        for (var i = 0; i < left.Items.Count; i++)
        {
            if (AreEqual(left.Items[i], right.Items[i]) != true)
                return false;
        }

        return true;
    }

    /// <summary>Whether the value can reach the database when unknown code gets hold of it.</summary>
    internal static bool ReachesDatabase(Value value)
    {
        using var level = Effort.Deeper();
        return value switch
        {
            Connection or Context or Session or Batch or SessionFactory or MetaData => true,
            ModulePath path => path.IsUnder("alembic"),
            Member member => ReachesDatabase(member.Owner),
            Sequence list => list.Items.Exists(ReachesDatabase),
            Mapping map => map.Entries.Exists(entry => ReachesDatabase(entry.Value)),
            Instance { Type.IsEnum: false } instance => instance.Fields.Values.Any(ReachesDatabase),
            _ => false,
        };
    }

    /// <summary>Whether it is, or holds, an object that came from a query.</summary>
    internal static bool HoldsRow(Value value)
    {
        using var level = Effort.Deeper();
        return value switch
        {
            Query => true,
            Member member => HoldsRow(member.Owner),
            Sequence list => list.Items.Exists(HoldsRow),
            Mapping map => map.Entries.Exists(entry => HoldsRow(entry.Value)),
            Function { Self: { } self } => HoldsRow(self),
            Instance { Type.IsEnum: false } instance => instance.Fields.Values.Any(HoldsRow),
            _ => false,
        };
    }

    /// <summary>The row that it is or holds, one whose table isn't known where there are several.</summary>
    internal static Query RowIn(Value value)
    {
        using var level = Effort.Deeper();
        return value switch
        {
            Query query => query.IsPart || query.IsRow ? query : new Query(query.Entity, isRow: true),
            Sequence list when list.Items.FindAll(HoldsRow) is [var only] => RowIn(only),
            Mapping map when map.Entries.FindAll(entry => HoldsRow(entry.Value)) is [var only] => RowIn(only.Value),
            _ => new Query(null, isRow: true),
        };
    }

    /// <summary>Any one of these values, not known which.</summary>
    internal static Value OneOf(IReadOnlyList<Value> values, string name)
    {
        Effort.Spend(values.Count);
        var data = values.All(value => value is Constant or Opaque);
        if (data)
            return Opaque.Value;
        var others = values.Where(value => value is not (Constant or Opaque)).ToList();
        if (!others.TrueForAll(value => value is Query))
            return new Foreign(name);
        var first = RowIn(others[0]);
        return others.TrueForAll(value => RowIn(value) is var other && ReferenceEquals(other.Entity, first.Entity) && other.IsPart == first.IsPart && other.Column == first.Column)
            ? first
            : new Query(null, isRow: true);
    }

    /// <summary>What may be either of two values.</summary>
    internal static Value Join(Value left, Value right)
    {
        if (ReferenceEquals(left, right))
            return left;
        if (left is Constant && right is Constant)
            return AreEqual(left, right) == true ? left : Opaque.Value;
        if (left is Sequence one && right is Sequence other && one.Kind == other.Kind)
        {
            Effort.Spend(one.Items.Count + other.Items.Count);
            return new Sequence([.. one.Items, .. other.Items], one.Kind, uncertain: true);
        }

        if (left is Mapping first && right is Mapping second)
        {
            Effort.Spend(first.Entries.Count + second.Entries.Count);
            return new Mapping([.. first.Entries, .. second.Entries], uncertain: true);
        }

        if (left is Constant { Value: null } && right is not Constant)
            return IsHandle(right) ? right : Blur(right);
        if (right is Constant { Value: null } && left is not Constant)
            return IsHandle(left) ? left : Blur(left);
        if (left.GetType() == right.GetType() && IsHandle(left))
            return left is Batch ? new Foreign("one of two database objects") : left is Query ? OneOf([left, right], "one of two rows") : left;
        return IsData(left) && IsData(right) ? Opaque.Value : new Foreign("one of two values");
    }

    private static bool IsHandle(Value value) => value is Connection or Context or Session or MetaData or SessionFactory or Inspector or Batch or Query;

    private static Value Blur(Value value) => IsData(value) ? Opaque.Value : new Foreign("a value that may be None");

    private static bool IsData(Value value)
    {
        using var level = Effort.Deeper();
        return value is Constant or Opaque or Inspector
            || (value is Sequence list && list.Items.TrueForAll(IsData))
            || (value is Mapping map && map.Entries.TrueForAll(entry => IsData(entry.Value)))
            || value is Instance { Type.IsEnum: true };
    }

    /// <summary>
    /// The items that a loop sees; <paramref name="certain"/> is false when some may be missing or stand for several.
    /// </summary>
    internal static List<Value> Items(Value value, out bool certain)
    {
        certain = true;
        Effort.Spend(value switch
        {
            Sequence list => list.Items.Count,
            Mapping map => map.Entries.Count,
            // A character becomes a value of its own.
            Constant { Value: string text } => 4L * text.Length,
            _ => 1,
        });
        switch (value)
        {
            case Sequence list:
                certain = !list.Uncertain;
                return [.. list.Items];
            case Mapping map:
                certain = !map.Uncertain;
                return [.. map.Entries.Select(entry => entry.Key)];
            case Constant { Value: string text } when !Holes.In(text):
                return [.. text.Select(c => (Value)Text(c.ToString()))];
            case Class { IsEnum: true } type:
                return [.. type.Body.Own.Values.Where(member => member is Instance { Type: var of } && ReferenceEquals(of, type))];
            case Query query:
                certain = false;
                return [query.IsPart ? query : new Query(query.Entity, isRow: true)];
            case Constant or Opaque or Inspector:
                certain = false;
                return [Opaque.Value];
            default:
                certain = false;
                return [new Foreign("an item of an unknown collection")];
        }
    }
}
