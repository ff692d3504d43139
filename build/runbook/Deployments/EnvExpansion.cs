using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Deployments;

/// <summary>
/// Escapes and variables in the values of an env file: <c>${REL}</c>, <c>$REL</c>, <c>${REL:-v1}</c>. Single quotes keep everything as it is. The variables are those of the file that
/// stand before; the shell's win over them. Source: compose-go, packages dotenv and template.
/// </summary>
internal static partial class EnvExpansion
{
    // What holds itself twice, again and again, has no end.
    private const int Longest = 1 << 20;
    private const int Deepest = 8;

    /// <summary>The variables' values, the last assignment of each.</summary>
    public static IReadOnlyDictionary<string, string> Values(IReadOnlyList<EnvAssignment> all)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var assignment in all)
        {
            values[assignment.Name] = assignment.Quote == '\'' || (assignment.Quote is null && !assignment.Raw.Contains('$', StringComparison.Ordinal)) ? assignment.Raw
                : Expand(Unescaped(assignment), name => Environment.GetEnvironmentVariable(name) ?? values.GetValueOrDefault(name), 0);
        }
        return values;
    }

    /// <summary>The variables that an assignment's value is made of.</summary>
    public static IReadOnlyList<string> SourcesOf(EnvAssignment assignment) => assignment.Quote == '\'' ? []
        : [.. Variable().Matches(Unescaped(assignment)).Select(match => match.Groups["name"].Value).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)];

    private static string Expand(string text, Func<string, string?> variable, int depth)
    {
        var expanded = new StringBuilder();
        var at = 0;
        while (expanded.Length <= Longest && Variable().Match(text, at) is { Success: true } match)
        {
            expanded.Append(text, at, match.Index - at);
            at = match.Index + match.Length;
            var name = match.Groups["name"].Value;
            if (name.Length == 0)
            {
                expanded.Append('$');
                continue;
            }
            if (!match.Groups["braced"].Success)
            {
                expanded.Append(variable(name) ?? "");
                continue;
            }
            var end = ClosingBrace(text, at);
            var inner = text[at..end];
            at = Math.Min(text.Length, end + 1);
            expanded.Append(depth >= Deepest ? "" : Braced(variable(name), inner, rest => Expand(rest, variable, depth + 1)));
        }
        return expanded.Append(text, at, text.Length - at).ToString();
    }

    private static string Braced(string? value, string inner, Func<string, string> expand)
    {
        var isEmptyUnset = inner.StartsWith(':');
        var operation = isEmptyUnset ? inner[1..] : inner;
        var isSet = value is not null && !(isEmptyUnset && value.Length == 0);
        return operation.Length == 0 ? value ?? "" : operation[0] switch
        {
            '-' => isSet ? value! : expand(operation[1..]),
            '+' => isSet ? expand(operation[1..]) : "",
            _ => value ?? "",
        };
    }

    private static int ClosingBrace(string text, int at)
    {
        for (var depth = 1; at < text.Length; at++)
        {
            depth += text[at] == '}' ? -1 : text[at] == '{' && text[at - 1] == '$' ? 1 : 0;
            if (depth == 0)
                break;
        }
        return at;
    }

    private static string Unescaped(EnvAssignment assignment) => assignment.Quote != '"' ? assignment.Raw : Escape().Replace(assignment.Raw, match => match.Value[1] switch
    {
        // A dollar sign that stands for itself.
        '$' => "$$",
        '0' => ((char)Convert.ToInt32(match.Value[2..], 8)).ToString(CultureInfo.InvariantCulture),
        'a' => "\a",
        'b' => "\b",
        'f' => "\f",
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'v' => "\v",
        '"' => "\"",
        '\\' => "\\",
        _ => match.Value,
    });

    [GeneratedRegex(@"\\(?:[abcfnrtv$""\\]|0[0-3][0-7]{2})")]
    private static partial Regex Escape();

    [GeneratedRegex(@"\$(?:\$|(?<braced>\{)?(?<name>[_A-Za-z][_A-Za-z0-9]*))")]
    private static partial Regex Variable();
}
