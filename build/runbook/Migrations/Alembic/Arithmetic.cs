using System.Numerics;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>Python's arithmetic on known values; anything else gives a value that isn't known, never a wrong one.</summary>
internal static class Arithmetic
{
    private const int MostRepeats = 10_000;
    private const int MostItems = 100_000;

    internal static Value Unary(string operation, Value operand)
    {
        if (operation == "not" && Values.Truth(operand) is { } truth && !IsSql(operand))
            return Constant.Of(!truth);
        if (IsSql(operand))
            return SqlOf(operand, operand);
        return (operation, operand) switch
        {
            ("-", Constant { Value: long number }) => new Constant(-number),
            ("-", Constant { Value: double number }) => new Constant(-number),
            ("+", Constant { Value: long or double }) => operand,
            ("~", Constant { Value: long number }) => new Constant(~number),
            _ => Opaque.Value,
        };
    }

    internal static Value Binary(Value left, string operation, Value right)
    {
        Effort.Spend(Size(left) + Size(right));
        if (operation == "%" && left is Constant { Value: string format })
            return TextFormat.Percent(format, right);
        if (IsSql(left) || IsSql(right))
            return SqlOf(left, right);
        if (operation == "+" && (left is Constant { Value: string } || right is Constant { Value: string }))
            return Values.Text(TextOrHole(left) + TextOrHole(right));
        switch (left, right)
        {
            case (Constant { Value: long a }, Constant { Value: long b }):
                return Integers(a, operation, b);
            case (Constant { Value: double or long } a, Constant { Value: double or long } b):
                return Reals(Convert.ToDouble(a.Value), operation, Convert.ToDouble(b.Value));
            case (Constant { Value: string text }, Constant { Value: long times }) when operation == "*":
                return Repeat(text, times);
            case (Constant { Value: long times }, Constant { Value: string text }) when operation == "*":
                return Repeat(text, times);
            case (Sequence a, Sequence b) when operation == "+" && a.Items.Count + b.Items.Count > MostItems:
                return new Sequence([Opaque.Value], a.Kind, uncertain: true);
            case (Sequence a, Sequence b) when operation == "+" && a.Kind == b.Kind:
                return new Sequence([.. a.Items, .. b.Items], a.Kind, a.Uncertain || b.Uncertain);
            case (Sequence { Kind: not SequenceKind.Set } a, _) when operation == "+":
                return new Sequence([.. a.Items, Opaque.Value], a.Kind, uncertain: true);
            case (_, Sequence { Kind: not SequenceKind.Set } b) when operation == "+":
                return new Sequence([Opaque.Value, .. b.Items], b.Kind, uncertain: true);
            case (Sequence list, Constant { Value: long times }) when operation == "*" && times <= MostRepeats && Math.Max(0, times) * list.Items.Count < MostRepeats:
                return new Sequence([.. Enumerable.Repeat(list.Items, (int)Math.Max(0, times)).SelectMany(items => items)], list.Kind, list.Uncertain);
            case (Sequence a, Sequence b) when operation is "|" or "&" or "-":
                return ContainerMethods.SetOperation(a, operation, b);
            case (Mapping a, Mapping b) when operation == "|":
                {
                    var merged = new Mapping([.. a.Entries], a.Uncertain);
                    foreach (var (key, value) in b.Entries)
                        ContainerMethods.Put(merged, key, value, !b.Uncertain);
                    return merged;
                }

            case (Foreign, _) or (_, Foreign):
                return new Foreign("the result of an operator");
            default:
                return Opaque.Value;
        }
    }

    // What a result of both may take: an operator copies what it joins.
    private static long Size(Value value) => value switch
    {
        Constant { Value: string text } => text.Length >> 3,
        Sequence list => list.Items.Count,
        Mapping map => map.Entries.Count,
        _ => 1,
    };

    /// <summary>Whether the value is part of an SQL expression: operators on it build SQL.</summary>
    internal static bool IsSql(Value value) => value is SqlExpression or ColumnValue or CoreStatement;

    /// <summary>An SQL expression of two operands; its text isn't kept.</summary>
    internal static SqlExpression SqlOf(Value left, Value right) => new(null) { Effect = Effect(left) ?? Effect(right) };

    internal static string? Effect(Value value)
    {
        using var level = Effort.Deeper();
        return value switch
        {
            SqlExpression sql => sql.Effect ?? (sql.Text is { } text && text.Contains('(') ? TextEffect(text) : null),
            CoreStatement { Kind: StatementKind.Select } statement => statement.Effect,
            CoreStatement => "a statement inside another one",
            Sequence list => list.Items.Select(Effect).FirstOrDefault(effect => effect is not null),
            Mapping map => map.Entries.Select(entry => Effect(entry.Value)).FirstOrDefault(effect => effect is not null),
            _ => null,
        };
    }

    /// <summary>The first words of an expression's text that calls a function which could do more than compute.</summary>
    private static string? TextEffect(string text)
    {
        var names = 0;
        Effort.Spend(text.Length);
        foreach (var change in Sql.SqlClassifier.Classify("SELECT " + Holes.Named(text, ref names), Changes.SourceLine.None))
        {
            if (change is not Changes.Harmless)
                return text.Length > 40 ? text[..40] + "…" : text;
        }

        return null;
    }

    private static string TextOrHole(Value value) => value is Constant { Value: string text } ? text : Holes.Text;

    private static Value Repeat(string text, long times) =>
        times <= MostRepeats && Math.Max(0, times) * text.Length < MostRepeats ? Values.Text(string.Concat(Enumerable.Repeat(text, (int)Math.Max(0, times)))) : Opaque.Value;

    private static Value Integers(long left, string operation, long right)
    {
        try
        {
            return operation switch
            {
                "+" => new Constant(checked(left + right)),
                "-" => new Constant(checked(left - right)),
                "*" => new Constant(checked(left * right)),
                "/" when right != 0 => new Constant((double)left / right),
                "//" when right > 0 => new Constant((left - Modulo(left, right)) / right),
                "%" when right > 0 => new Constant(Modulo(left, right)),
                "**" when right is >= 0 and < 64 => Whole(BigInteger.Pow(left, (int)right)),
                "&" => new Constant(left & right),
                "|" => new Constant(left | right),
                "^" => new Constant(left ^ right),
                _ => Opaque.Value,
            };
        }
        catch (OverflowException)
        {
            return Opaque.Value;
        }
    }

    private static Value Whole(BigInteger value) => value <= long.MaxValue && value >= long.MinValue ? new Constant((long)value) : Opaque.Value;

    private static long Modulo(long left, long right) => ((left % right) + right) % right;

    private static Value Reals(double left, string operation, double right) => operation switch
    {
        "+" => new Constant(left + right),
        "-" => new Constant(left - right),
        "*" => new Constant(left * right),
        "/" when right != 0 => new Constant(left / right),
        _ => Opaque.Value,
    };
}
