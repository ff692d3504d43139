namespace Runback.Runbook.Migrations.Python;

/// <summary>Python's operators and delimiters (Python Language Reference, 2.5 and 2.6).</summary>
internal static class Operators
{
    private static readonly string[] Three = ["**=", "//=", ">>=", "<<=", "..."];

    private static readonly string[] Two =
    [
        "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":=",
    ];

    private const string One = "+-*/%@&|^~<>()[]{},:.;=";

    private static readonly string[] Single =
        ["+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";", "="];

    /// <summary>The longest operator that the text starts with, or null.</summary>
    internal static string? At(ReadOnlySpan<char> text)
    {
        if (text.Length > 1 && !char.IsAsciiLetterOrDigit(text[1]))
        {
            foreach (var three in Three)
            {
                if (text.StartsWith(three))
                    return three;
            }

            foreach (var two in Two)
            {
                if (text.StartsWith(two))
                    return two;
            }
        }

        var one = One.IndexOf(text[0]);
        return one < 0 ? null : Single[one];
    }

    /// <summary>The binary operator of an augmented assignment (<c>+=</c> is <c>+</c>), or null.</summary>
    internal static string? OfAugmented(string text) => text switch
    {
        "+=" => "+",
        "-=" => "-",
        "*=" => "*",
        "/=" => "/",
        "//=" => "//",
        "%=" => "%",
        "@=" => "@",
        "&=" => "&",
        "|=" => "|",
        "^=" => "^",
        ">>=" => ">>",
        "<<=" => "<<",
        "**=" => "**",
        _ => null,
    };

    /// <summary>How tightly a binary operator binds (Python Language Reference, 6.17); 0 for none.</summary>
    internal static int Power(string text) => text switch
    {
        "|" => 1,
        "^" => 2,
        "&" => 3,
        "<<" or ">>" => 4,
        "+" or "-" => 5,
        "*" or "/" or "//" or "%" or "@" => 6,
        _ => 0,
    };
}
