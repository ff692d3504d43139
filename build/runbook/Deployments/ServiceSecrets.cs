using System.Text.RegularExpressions;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Deployments;

/// <summary>
/// Which values of an environment must never be shown: all but the short and the public ones (<see cref="PublicValue"/>), whatever their names. A name that says
/// that its value is secret makes it one; no name makes it public but those of images and their tags.
/// </summary>
internal static partial class ServiceSecrets
{
    // Shorter values under a secret's name are switches: `true`, `off`, a number.
    private const int Shortest = 6;

    /// <summary>The secrets in an environment: whole values, the passwords in them, and those of their parts that are recognised by themselves.</summary>
    public static IEnumerable<string> Of(IEnumerable<KeyValuePair<string, string>> environment) =>
        environment.SelectMany(variable => Of(variable.Key, variable.Value)).Distinct(StringComparer.Ordinal);

    /// <summary>The secrets in the value of one variable.</summary>
    public static IEnumerable<string> Of(string name, string value)
    {
        if (ImageName().IsMatch(name) && PublicValue.IsReference(value))
            return [];
        return SecretName().IsMatch(name) && value.Length >= Shortest ? InText(value).Prepend(value) : InText(value);
    }

    /// <summary>The secrets in a text that may be anything: a variable's value, a file of a secret.</summary>
    public static IEnumerable<string> InText(string value)
    {
        List<string> passwords =
        [
            .. UrlPasswords([value]).Concat(Credential().Matches(value).Select(match => match.Groups["value"].Value.Trim('\'', '"')))
                .Where(password => password.Length >= Shortest).OrderByDescending(password => password.Length),
        ];
        foreach (var password in passwords)
            yield return password;
        // Of an address with a password only that is hidden, where the rest is public: people must be able to read where it leads to.
        if (passwords.Count == 0 && PublicValue.Is(value))
            yield break;
        if (passwords.Count == 0)
            yield return value;
        // A log may show only a part: the path of an address, a line of a key, a member of a document.
        foreach (var piece in passwords.Aggregate(value, (rest, password) => rest.Replace(password, " ", StringComparison.Ordinal)).Split(Between, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!PublicValue.Is(piece))
                yield return piece;
        }
    }

    /// <summary>The passwords in URLs, as they are and decoded.</summary>
    public static IEnumerable<string> UrlPasswords(IEnumerable<string> values) =>
        values.SelectMany(UrlCredentials.In).SelectMany(password => (string[])[password, Uri.UnescapeDataString(password)]).Distinct(StringComparer.Ordinal);

    private static readonly char[] Between = ['/', '?', '&', '=', '#', ';', ',', ' ', '\t', '\r', '\n', '"', '\'', '@', ':', '{', '}', '[', ']'];

    [GeneratedRegex("PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL|DSN|PRIVATE", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex("(?:^|_)(?:IMAGE|TAG|DIGEST)$", RegexOptions.IgnoreCase)]
    private static partial Regex ImageName();

    // libpq, ODBC, ADO.NET, query strings, headers.
    [GeneratedRegex(@"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|sig(?:nature)?)""?\s*[=:]\s*(?<value>'(?:[^'\\]|\\.)*'|""(?:[^""\\]|\\.)*""|[^\s;&,""'}]+)|\b(?:bearer|basic)\s+(?<value>[A-Za-z0-9+/=._~-]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Credential();
}
