using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Runback.Runbook.Migrations.Changes;

namespace Runback.Runbook.ForwardFixes;

/// <summary>
/// Names and texts inside the SQL of a migration file. Plain lower-case names stay bare, so that the file reads well; the others are quoted, and
/// those with characters that the way to the server treats (<c>:</c>, backslash, line breaks) are written as Unicode escapes
/// (PostgreSQL manual, 4.1.1, <c>U&amp;"…"</c>).
/// </summary>
internal static class SqlName
{
    private const int MostBytes = 63;

    // PostgreSQL manual, appendix C: reserved, and reserved except for functions or types. More than needed does no harm.
    private static readonly FrozenSet<string> Reserved = (
        "all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character check coalesce collate "
        + "collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user "
        + "dec decimal default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping "
        + "having ilike in initially inner inout int integer intersect interval into is isnull join json_array json_arrayagg json_exists json_object json_objectagg "
        + "json_query json_scalar json_serialize json_table json_value lateral leading least left like limit localtime localtimestamp merge_action national natural "
        + "nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references "
        + "returning right row select session_user setof similar smallint some substring symmetric system_user table tablesample then time timestamp to trailing treat "
        + "trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest "
        + "xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable new old").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for a name that needs no quotes anywhere.</summary>
    public static bool IsPlain(string name) =>
        name.Length is > 0 and <= MostBytes && (name[0] == '_' || char.IsAsciiLetterLower(name[0]))
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') && !Reserved.Contains(name);

    /// <summary>A name as an identifier.</summary>
    public static string Of(string name)
    {
        if (IsPlain(name))
            return name;
        return NeedsEscapes(name) ? $"U&\"{Escaped(name, '"')}\"" : InBody(name);
    }

    /// <summary>A name as an identifier in a PL/pgSQL body, whose record fields may not be written as Unicode escapes (tried on PostgreSQL 17).</summary>
    public static string InBody(string name) => IsPlain(name) ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>An object's name, with its schema where the migrations say one.</summary>
    public static string Of(ObjectName name) => name.Schema is { } schema ? $"{Of(schema)}.{Of(name.Name)}" : Of(name.Name);

    /// <summary>Several names, separated by commas.</summary>
    public static string List(IEnumerable<string> names) => string.Join(", ", names.Select(Of));

    /// <summary>A text as a literal.</summary>
    public static string Literal(string text) =>
        NeedsEscapes(text) ? $"U&'{Escaped(text, '\'')}'" : $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A body between dollar quotes whose tag it doesn't hold (PostgreSQL manual, 4.1.2.4).</summary>
    public static string DollarTag(string body)
    {
        var tag = "$runback$";
        for (var i = 1; body.Contains(tag, StringComparison.Ordinal); i++)
            tag = $"$runback{i}$";
        return tag;
    }

    /// <summary>A name made of parts, at most as long as PostgreSQL keeps (63 bytes); a long one is cut and told apart by a hash.</summary>
    public static string Made(params ReadOnlySpan<string> parts)
    {
        var name = string.Join('_', parts!);
        if (Encoding.UTF8.GetByteCount(name) <= MostBytes)
            return name;
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        var kept = new StringBuilder();
        var bytes = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > MostBytes - 9)
                break;
            kept.Append(rune.ToString());
        }
        return $"{kept}_{hash}";
    }

    // A colon before a word is a parameter to SQLAlchemy's text(); a line break would not survive the file's indentation.
    private static bool NeedsEscapes(string text) => text.Any(c => c is ':' or '\\' || char.IsControl(c));

    private static string Escaped(string text, char quote)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (c == quote)
                escaped.Append(c, 2);
            else if (c is ':' or '\\' || char.IsControl(c))
                escaped.Append(CultureInfo.InvariantCulture, $"\\{(int)c:X4}");
            else
                escaped.Append(c);
        }
        return escaped.ToString();
    }
}
