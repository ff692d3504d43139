using System.Globalization;
using System.Numerics;

namespace Runback.Runbook.Migrations.Python;

/// <summary>Python's numeric literals (Python Language Reference, 2.4.5).</summary>
internal static class NumberLiteral
{
    /// <summary>CPython's own limit for converting text to an integer (sys.int_info.default_max_str_digits).</summary>
    private const int MostDigits = 4300;

    /// <summary>The offset after the number that starts at <paramref name="at"/>.</summary>
    internal static int Skip(string source, int at, int end)
    {
        if (source[at] == '0' && at + 1 < end && source[at + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B')
        {
            at += 2;
            while (at < end && (char.IsAsciiHexDigit(source[at]) || source[at] == '_'))
                at++;
            return at;
        }

        at = Digits(source, at, end);
        if (at < end && source[at] == '.')
            at = Digits(source, at + 1, end);
        if (at < end && source[at] is 'e' or 'E')
        {
            var digits = at + 1 < end && source[at + 1] is '+' or '-' ? at + 2 : at + 1;
            if (digits < end && char.IsAsciiDigit(source[digits]))
                at = Digits(source, digits, end);
        }

        return at < end && source[at] is 'j' or 'J' ? at + 1 : at;
    }

    /// <summary>The value: a <see cref="long"/>, <see cref="BigInteger"/>, <see cref="double"/> or <see cref="Complex"/>; null if it is none.</summary>
    internal static object? Value(string text)
    {
        if (text.Length > MostDigits)
            return null;
        var digits = text.Contains('_') ? text.Replace("_", "", StringComparison.Ordinal) : text;
        if (digits.Length > 1 && digits[0] == '0' && digits[1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B')
        {
            var value = Based(digits.AsSpan(2), char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, _ => 2 });
            return value is { } whole && whole <= long.MaxValue ? (long)whole : value;
        }

        if (digits[^1] is 'j' or 'J')
            return double.TryParse(digits.AsSpan(0, digits.Length - 1), CultureInfo.InvariantCulture, out var imaginary) ? new Complex(0, imaginary) : null;
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var small))
            return small;
        if (BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var big))
            return big;
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : null;
    }

    private static BigInteger? Based(ReadOnlySpan<char> digits, int numberBase)
    {
        if (digits.IsEmpty)
            return null;
        BigInteger value = 0;
        foreach (var c in digits)
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
            if (digit >= numberBase)
                return null;
            value = value * numberBase + digit;
        }

        return value;
    }

    private static int Digits(string source, int at, int end)
    {
        while (at < end && (char.IsAsciiDigit(source[at]) || source[at] == '_'))
            at++;
        return at;
    }
}
