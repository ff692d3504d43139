using System.Globalization;
using System.Text;

namespace Runback.Runbook.Migrations.Alembic;

/// <summary>How Python writes values into text: <c>str</c>, <c>repr</c>, <c>%</c>, <c>format</c>. What isn't known becomes a hole.</summary>
internal static class TextFormat
{
    /// <summary>A replacement field of an f-string or of <c>str.format</c>.</summary>
    internal static string Field(Value value, char? conversion, string spec)
    {
        var text = conversion switch
        {
            'r' or 'a' => Repr(value),
            _ => Str(value),
        };
        return spec.Length == 0 || spec == "s" ? text : Padded(value, text, spec);
    }

    internal static string Str(Value value) => value switch
    {
        Constant { Value: string text } => text,
        DatabaseUrl => DatabaseUrl.Text,
        SqlExpression { Text: { } sql } => sql,
        ColumnValue { Name: { } name } => name,
        ModulePath path when path.Path.StartsWith("sqlalchemy.", StringComparison.Ordinal) => Holes.Text,
        Instance { Type.IsEnum: true } member when member.Fields.ContainsKey("value") => Holes.Text,
        _ => Repr(value),
    };

    internal static string Repr(Value value)
    {
        using var level = Effort.Deeper();
        Effort.Spend(8);
        return value switch
        {
            Constant { Value: null } => "None",
            Constant { Value: bool flag } => flag ? "True" : "False",
            Constant { Value: string text } => Quoted(text),
            Constant { Value: long number } => number.ToString(CultureInfo.InvariantCulture),
            Constant { Value: System.Numerics.BigInteger number } => Number(number),
            Sequence { Uncertain: false } list => List(list),
            Mapping { Uncertain: false } map =>
                "{" + string.Join(", ", map.Entries.Select(entry => $"{Repr(entry.Key)}: {Repr(entry.Value)}")) + "}",
            _ => Holes.Text,
        };
    }

    /// <summary>The text, paid for: for what is put together of many.</summary>
    internal static string Paid(string text)
    {
        Effort.Spend(1 + (text.Length >> 3));
        return text;
    }

    // Writing a number in tens takes the square of its length.
    private static string Number(System.Numerics.BigInteger number)
    {
        Effort.Spend(number.GetByteCount());
        return number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary><c>format % values</c> (Library Reference, printf-style String Formatting).</summary>
    internal static Constant Percent(string format, Value values)
    {
        var items = values is Sequence { Kind: SequenceKind.Tuple } tuple ? tuple.Items : [values];
        var known = values is not Sequence { Uncertain: true };
        var next = 0;
        var result = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 >= format.Length)
            {
                result.Append(format[i]);
                continue;
            }

            i++;
            if (format[i] == '%')
            {
                result.Append('%');
                continue;
            }

            Value? value = null;
            if (format[i] == '(')
            {
                var close = format.IndexOf(')', i);
                if (close < 0)
                    return Values.Text(Holes.Text);
                value = (values as Mapping)?.Find(format[(i + 1)..close]);
                i = close + 1;
            }
            else if (known && next < items.Count)
            {
                value = items[next++];
            }

            var flags = i;
            while (i < format.Length && (char.IsAsciiDigit(format[i]) || format[i] is '-' or '+' or ' ' or '#' or '.' or '*'))
                i++;
            if (i >= format.Length)
                return Values.Text(Holes.Text);
            var plain = flags == i && value is not null;
            result.Append(!plain ? Holes.Text : format[i] switch
            {
                's' => Paid(Str(value!)),
                'd' or 'i' or 'u' => value is Constant { Value: long number } ? number.ToString(CultureInfo.InvariantCulture) : Holes.Text,
                'r' or 'a' => Paid(Repr(value!)),
                _ => Holes.Text,
            });
        }

        return Values.Text(result.ToString());
    }

    /// <summary><c>str.format</c> (Library Reference, Format String Syntax).</summary>
    internal static Constant Format(string format, List<Value> positional, Mapping named, bool incomplete)
    {
        var result = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            var c = format[i];
            if (c is '{' or '}' && i + 1 < format.Length && format[i + 1] == c)
            {
                result.Append(c);
                i++;
            }
            else if (c == '{')
            {
                var close = format.IndexOf('}', i);
                if (close < 0)
                    return Values.Text(Holes.Text);
                var field = format[(i + 1)..close];
                i = close;
                result.Append(incomplete || field.Contains('{') ? Holes.Text : FormatField(field, positional, named, ref next));
            }
            else
            {
                result.Append(c);
            }
        }

        return Values.Text(result.ToString());
    }

    private static string FormatField(string field, List<Value> positional, Mapping named, ref int next)
    {
        var colon = field.IndexOf(':');
        var spec = colon < 0 ? "" : field[(colon + 1)..];
        var name = colon < 0 ? field : field[..colon];
        char? conversion = null;
        if (name.IndexOf('!') is >= 0 and var mark)
        {
            conversion = mark + 1 < name.Length ? name[mark + 1] : null;
            name = name[..mark];
        }

        Value? value;
        if (name.Length == 0)
            value = next < positional.Count ? positional[next++] : null;
        else if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            value = index < positional.Count ? positional[index] : null;
        else
            value = named.Find(name);
        return value is null ? Holes.Text : Paid(Field(value, conversion, spec));
    }

    private static string Padded(Value value, string text, string spec)
    {
        if (value is Constant { Value: long number } && spec.Length > 1 && spec[0] == '0' && spec[^1] == 'd'
            && int.TryParse(spec.AsSpan(1, spec.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width < 100)
            return number.ToString("D" + width, CultureInfo.InvariantCulture);
        if (value is Constant { Value: long } && spec == "d")
            return text;
        return Holes.Text;
    }

    private static string List(Sequence list)
    {
        var items = Paid(string.Join(", ", list.Items.Select(Repr)));
        return list.Kind switch
        {
            SequenceKind.Tuple => list.Items.Count == 1 ? $"({items},)" : $"({items})",
            SequenceKind.List => $"[{items}]",
            _ => list.Items.Count == 0 ? "set()" : "{" + items + "}",
        };
    }

    private static string Quoted(string text)
    {
        Effort.Spend(text.Length >> 2);
        var quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var result = new StringBuilder().Append(quote);
        foreach (var c in text)
        {
            result.Append(c switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when c == quote => "\\" + c,
                _ => c.ToString(),
            });
        }

        return result.Append(quote).ToString();
    }
}
