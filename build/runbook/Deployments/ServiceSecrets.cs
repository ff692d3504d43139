using System.Text.RegularExpressions;

namespace Runback.Runbook.Deployments;

/// <summary>Which values of a service's environment must never be shown.</summary>
internal static partial class ServiceSecrets
{
    // Shorter values under such a name are switches: `true`, `off`, a number.
    private const int Shortest = 6;

    /// <summary>The passwords in URLs, and the values whose names say that they are secret.</summary>
    public static IEnumerable<string> Of(IReadOnlyDictionary<string, string> environment)
    {
        foreach (var (name, value) in environment)
        {
            if (value.Length >= Shortest && SecretName().IsMatch(name))
                yield return value;
        }
        foreach (var password in UrlPasswords(environment.Values))
            yield return password;
    }

    /// <summary>The passwords in URLs, as they are and decoded.</summary>
    public static IEnumerable<string> UrlPasswords(IEnumerable<string> values)
    {
        foreach (Match url in values.SelectMany(value => UrlPassword().Matches(value)))
        {
            yield return url.Groups["password"].Value;
            yield return Uri.UnescapeDataString(url.Groups["password"].Value);
        }
    }

    [GeneratedRegex("PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL|DSN|PRIVATE", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"://[^/\s:@]*:(?<password>[^/\s@]+)@")]
    private static partial Regex UrlPassword();
}
