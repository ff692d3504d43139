namespace Runback.Runbook.Rehearsals.Observation;

/// <summary>Names of catalog objects for people.</summary>
internal static class CatalogName
{
    private const string Usual = "public.";
    private const int Width = 120;

    /// <summary>A name without the schema <c>public</c>.</summary>
    public static string Short(string identity) => identity.StartsWith(Usual, StringComparison.Ordinal) ? identity[Usual.Length..] : identity;

    /// <summary>A kind in words: <c>materialized view</c>.</summary>
    public static string Of(CatalogKind kind) => kind switch
    {
        CatalogKind.Other => "object",
        CatalogKind.Privileges => "privileges of",
        _ => string.Concat(kind.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}")),
    };

    /// <summary>Names put together, with quotes where a name needs them.</summary>
    public static string Join(IEnumerable<string> path) => string.Join('.', path.Select(Readable));

    /// <summary>A definition on one line, cut where it gets long.</summary>
    public static string Shown(string? definition)
    {
        var line = string.Join(' ', (definition ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= Width ? line : line[..Width] + "…";
    }

    private static string Readable(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
            ? name
            : "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
