using System.Text.RegularExpressions;

namespace Runback.Runbook.Releases.Registries;

/// <summary>One challenge of a <c>WWW-Authenticate</c> header (RFC 9110, 11.6.1): a scheme and its parameters.</summary>
/// <param name="Scheme">The scheme, in lower case.</param>
/// <param name="Parameters">The parameters, by name.</param>
internal sealed partial record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>A parameter's value, or null.</summary>
    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>Reads all challenges of a header's value. What isn't a challenge is left out.</summary>
    public static IReadOnlyList<Challenge> Read(string header)
    {
        List<Challenge> challenges = [];
        Dictionary<string, string>? parameters = null;
        // A comma separates parameters and challenges alike; a word that no '=' follows begins a challenge.
        foreach (Match part in Part().Matches(header))
        {
            if (part.Groups["scheme"].Success)
            {
                parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                challenges.Add(new Challenge(part.Groups["scheme"].Value.ToLowerInvariant(), parameters));
            }
            else
            {
                var quoted = part.Groups["quoted"];
                parameters?.TryAdd(part.Groups["name"].Value, quoted.Success ? Escape().Replace(quoted.Value, "$1") : part.Groups["bare"].Value);
            }
        }
        return challenges;
    }

    [GeneratedRegex(
        """(?<name>[A-Za-z0-9!#$%&'*+.^_`|~-]+)[ \t]*=[ \t]*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>[^\s,"]+))|(?<scheme>[A-Za-z0-9!#$%&'*+.^_`|~-]+)(?=[ \t]|,|\z)""",
        RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();

    [GeneratedRegex(@"\\(.)", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
