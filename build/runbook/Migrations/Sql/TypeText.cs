using System.Globalization;

namespace Runback.Runbook.Migrations.Sql;

/// <summary>Compares types by their names as written (PostgreSQL manual, chapter 8: aliases).</summary>
internal sealed record TypeText(string Name, IReadOnlyList<int> Arguments, bool Array)
{
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["int"] = "integer", ["int4"] = "integer", ["serial"] = "integer", ["serial4"] = "integer",
        ["int8"] = "bigint", ["bigserial"] = "bigint", ["serial8"] = "bigint",
        ["int2"] = "smallint", ["smallserial"] = "smallint", ["serial2"] = "smallint",
        ["character varying"] = "varchar", ["char varying"] = "varchar", ["national character varying"] = "varchar",
        ["char"] = "character", ["bpchar"] = "character", ["nchar"] = "character", ["national character"] = "character",
        ["decimal"] = "numeric", ["float8"] = "double precision", ["float"] = "double precision", ["float4"] = "real",
        ["bool"] = "boolean", ["bit varying"] = "varbit",
        ["timestamptz"] = "timestamp with time zone", ["timestamp without time zone"] = "timestamp",
        ["timetz"] = "time with time zone", ["time without time zone"] = "time",
    };

    private static readonly string[] Serials = ["serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"];

    /// <summary>True for the names that mean an integer numbered by a sequence.</summary>
    public static bool IsSerial(string? type) => type is not null && Serials.Contains(type.Trim().ToLowerInvariant());

    /// <summary>The name of a type that may be a domain; null for an array or one with arguments, whose own NULL no domain refuses.</summary>
    public static Changes.ObjectName? NameOf(string? type)
    {
        if (string.IsNullOrWhiteSpace(type))
            return null;
        List<Token> tokens = [.. Lexer.Tokens(type).Where(token => token.Significant)];
        return tokens switch
        {
            [{ IsName: true } only] => Changes.ObjectName.Of(only.Value),
            [{ IsName: true } schema, var dot, { IsName: true } name] when dot.Is(".") => Changes.ObjectName.Of(name.Value, schema.Value),
            _ => null,
        };
    }

    /// <summary>Takes a type's name apart; null when it is no type's name.</summary>
    public static TypeText? Parse(string? type)
    {
        if (string.IsNullOrWhiteSpace(type))
            return null;
        var words = new List<string>();
        var arguments = new List<int>();
        var array = false;
        var inside = false;
        foreach (var token in Lexer.Tokens(type).Where(token => token.Significant))
        {
            if (token.Is("(") || token.Is(")"))
                inside = token.Is("(");
            else if (token.Is("[") || token.IsWord("array"))
                array = true;
            else if (inside && token.Kind == TokenKind.Number && int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                arguments.Add(number);
            else if (!inside && token.IsName)
                words.Add(token.Value);
            else if (inside && !token.Is(","))
                return null;
        }
        words.Remove("pg_catalog");
        var name = string.Join(' ', words);
        return words.Count == 0 ? null : new TypeText(Aliases.GetValueOrDefault(name, name), arguments, array);
    }

    /// <summary>True when both names mean one type.</summary>
    public static bool Same(string? one, string? other) =>
        Parse(one) is { } a && Parse(other) is { } b && a.Name == b.Name && a.Array == b.Array && a.Arguments.SequenceEqual(b.Arguments);

    /// <summary>True when both are known and mean different types; a length or precision that one leaves out is none.</summary>
    public static bool Contradict(string? one, string? other) =>
        Parse(one) is { } a && Parse(other) is { } b
        && (a.Name != b.Name || a.Array != b.Array || (a.Arguments.Count > 0 && b.Arguments.Count > 0 && !a.Arguments.SequenceEqual(b.Arguments)));

    /// <summary>
    /// True when every value of the first type is one of the second, with the same text: a longer or unbounded <c>varchar</c>,
    /// a larger integer, a <c>numeric</c> with more room on both sides of the point, <c>real</c> to <c>double precision</c>.
    /// </summary>
    public static bool Widens(string? from, string? to)
    {
        if (Parse(from) is not { } a || Parse(to) is not { } b || a.Array != b.Array)
            return false;
        return (a.Name, b.Name) switch
        {
            ("varchar", "varchar") => b.Arguments.Count == 0 || (a.Arguments.Count > 0 && a.Arguments[0] <= b.Arguments[0]),
            ("varchar", "text") or ("text", "varchar") => b.Arguments.Count == 0,
            ("smallint", "integer") or ("smallint", "bigint") or ("integer", "bigint") or ("real", "double precision") => true,
            ("numeric", "numeric") => b.Arguments.Count == 0 || (a.Arguments.Count > 0 && Scale(a) <= Scale(b) && a.Arguments[0] - Scale(a) <= b.Arguments[0] - Scale(b)),
            ("timestamp", "timestamp") or ("timestamp with time zone", "timestamp with time zone") =>
                b.Arguments.Count == 0 || (a.Arguments.Count > 0 && a.Arguments[0] <= b.Arguments[0]),
            _ => false,
        };
    }

    private static int Scale(TypeText type) => type.Arguments.Count > 1 ? type.Arguments[1] : 0;
}
