using System.Text.RegularExpressions;

namespace Runback.Runbook.ForwardFixes;

/// <summary>Types as SQLAlchemy writes them, where that means exactly the same to PostgreSQL.</summary>
internal static partial class SqlAlchemyType
{
    private static readonly Dictionary<string, string> Simple = new(StringComparer.Ordinal)
    {
        ["text"] = "sa.Text()", ["integer"] = "sa.Integer()", ["int"] = "sa.Integer()", ["bigint"] = "sa.BigInteger()", ["smallint"] = "sa.SmallInteger()",
        ["boolean"] = "sa.Boolean()", ["bool"] = "sa.Boolean()", ["date"] = "sa.Date()", ["bytea"] = "sa.LargeBinary()",
        ["varchar"] = "sa.String()", ["character varying"] = "sa.String()", ["numeric"] = "sa.Numeric()",
        ["timestamp without time zone"] = "sa.DateTime()", ["timestamp"] = "sa.DateTime()",
        ["timestamp with time zone"] = "sa.DateTime(timezone=True)", ["timestamptz"] = "sa.DateTime(timezone=True)",
    };

    /// <summary>The expression for a type of PostgreSQL; null where SQL must say it.</summary>
    public static string? Of(string type)
    {
        var lower = type.Trim().ToLowerInvariant();
        if (Simple.GetValueOrDefault(lower) is { } simple)
            return simple;
        if (Varchar().Match(lower) is { Success: true } text)
            return $"sa.String({text.Groups[1].Value})";
        return Numeric().Match(lower) is { Success: true } number ? $"sa.Numeric({number.Groups[1].Value}, {number.Groups[2].Value})" : null;
    }

    [GeneratedRegex(@"^(?:varchar|character varying) ?\((\d+)\)$")]
    private static partial Regex Varchar();

    [GeneratedRegex(@"^(?:numeric|decimal) ?\((\d+), ?(\d+)\)$")]
    private static partial Regex Numeric();
}
