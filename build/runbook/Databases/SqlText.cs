namespace Runback.Runbook.Databases;

/// <summary>
/// Puts names and values into SQL, which a person may paste into psql as well: that looks for its own commands (<c>\…</c>) and variables
/// (<c>:name</c>) only outside quotes, so a quoted text can't reach it (PostgreSQL manual, psql, "Variables"; "Lexical Structure", 4.1).
/// </summary>
public static class SqlText
{
    /// <summary>A name as a quoted identifier.</summary>
    /// <exception cref="ArgumentException">The name is empty, or holds what PostgreSQL can't store in one.</exception>
    public static string Identifier(string name) =>
        name.Length == 0
            ? throw new ArgumentException("expected a name, found an empty one", nameof(name))
            : "\"" + Storable(name).Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>A schema's object as <c>"schema"."name"</c>.</summary>
    public static string Identifier(string schema, string name) => Identifier(schema) + "." + Identifier(name);

    /// <summary>A value as a literal that means the same whatever <c>standard_conforming_strings</c> is; null is <c>NULL</c>.</summary>
    /// <exception cref="ArgumentException">The value holds what PostgreSQL can't store in text.</exception>
    public static string Literal(string? value)
    {
        if (value is null)
            return "NULL";
        var quoted = "'" + Storable(value).Replace("'", "''", StringComparison.Ordinal) + "'";
        return quoted.Contains('\\', StringComparison.Ordinal) ? "E" + quoted.Replace("\\", "\\\\", StringComparison.Ordinal) : quoted;
    }

    /// <summary>An object's name for people: quotes only where PostgreSQL needs them.</summary>
    public static string Readable(string schema, string name) => ReadableName(schema) + "." + ReadableName(name);

    /// <summary>A single name for people: quotes only where PostgreSQL needs them.</summary>
    internal static string ReadableName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
            ? name
            : "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static string Storable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
                throw new ArgumentException("expected text without a zero character", nameof(text));
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                throw new ArgumentException("expected well-formed Unicode, found half of a pair", nameof(text));
        }
        return text;
    }
}
