using Runback.Runbook.Migrations.Sql;

namespace Runback.Runbook.Migrations.Rules;

/// <summary>Judges SQL expressions by their tokens; what it can't tell, it answers on the careful side.</summary>
internal static class Expressions
{
    private static readonly HashSet<string> FreshEachTime = new(StringComparer.Ordinal)
        { "gen_random_uuid", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuid_generate_v7", "uuidv4", "uuidv7", "nextval" };

    // Functions that return NULL for NULL, and a value for every other input of their type.
    private static readonly HashSet<string> StrictAndTotal = new(StringComparer.Ordinal)
    {
        "lower", "upper", "initcap", "md5", "trim", "btrim", "ltrim", "rtrim", "length", "char_length", "octet_length", "abs", "date_trunc", "date", "date_part",
        "extract", "replace", "left", "right", "reverse", "to_tsvector", "setweight", "unaccent", "jsonb_typeof", "cardinality", "array_length",
        "starts_with", "split_part", "floor", "ceil", "round", "sha256", "regexp_replace", "strip", "to_jsonb", "timezone", "substr", "substring",
    };

    private static readonly HashSet<string> Total = new(StringComparer.Ordinal)
        { "coalesce", "nullif", "greatest", "least", "concat", "concat_ws", "jsonb_extract_path_text", "jsonb_extract_path", "num_nulls", "num_nonnulls", "now", "array_to_string" };

    private static readonly HashSet<string> TextTypes = new(StringComparer.Ordinal) { "text", "varchar", "character", "name" };

    /// <summary>True when computing it can raise an error for some value: a cast of something that is no literal, a division, a product, a function that is not known.</summary>
    public static bool MayFail(string expression)
    {
        var tokens = Read(expression);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i].Kind is TokenKind.Invalid or TokenKind.Parameter)
                return true;
            if (tokens[i].Is("::") && !(i > 0 && tokens[i - 1].Kind == TokenKind.String) && !(i + 1 < tokens.Count && TextTypes.Contains(tokens[i + 1].Value)))
                return true;
            if (tokens[i].Is("*") || tokens[i].Is("^") || tokens[i].Is("/") || tokens[i].Is("%") || tokens[i].IsWord("cast"))
                return true;
        }
        return FunctionCalls.Calls(tokens).Any(call => !StrictAndTotal.Contains(call.Name) && !Total.Contains(call.Name));
    }

    /// <summary>True unless it is <c>coalesce(…, literal)</c>.</summary>
    public static bool MayBeNull(string expression)
    {
        var tokens = Read(expression);
        return tokens.Count < 4 || !tokens[0].IsWord("coalesce") || tokens[^2].Kind is not (TokenKind.String or TokenKind.Number)
            || !tokens[^1].Is(")") || tokens.Count(token => token.Is("(")) != 1;
    }

    /// <summary>True for the default that gives every row another value.</summary>
    public static bool IsFreshEachTime(string value)
    {
        var tokens = Read(value);
        var name = tokens.Count > 3 && tokens[1].Is(".") ? 2 : 0;
        return tokens.Count > name + 1 && tokens[name].IsName && FreshEachTime.Contains(tokens[name].Value) && tokens[name + 1].Is("(") && tokens[^1].Is(")");
    }

    /// <summary>True when it is NULL whenever these columns are: it names nothing else, and every function in it passes NULL on.</summary>
    public static bool IsNullFor(string expression, Func<string, bool> isNull)
    {
        var tokens = Read(expression);
        var columns = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (!tokens[i].IsName)
                continue;
            if (i + 1 < tokens.Count && tokens[i + 1].Is("("))
            {
                if (!StrictAndTotal.Contains(tokens[i].Value))
                    return false;
            }
            else if (!(i > 0 && tokens[i - 1].Is("::")))
            {
                if (!isNull(tokens[i].Value))
                    return false;
                columns++;
            }
        }
        return columns > 0;
    }

    /// <summary>True for the expression that only casts the column to a type, as PostgreSQL would do by itself.</summary>
    public static bool IsCastOf(string expression, string column, string? type)
    {
        var tokens = Read(expression);
        return tokens.Count >= 1 && tokens[0].IsName && tokens[0].Value == column
            && (tokens.Count == 1 || (tokens.Count > 2 && tokens[1].Is("::") && TypeText.Same(expression[tokens[2].Start..], type)));
    }

    /// <summary>The tokens that mean something.</summary>
    public static IReadOnlyList<Token> Read(string expression) => [.. Lexer.Tokens(expression).Where(token => token.Significant)];
}
