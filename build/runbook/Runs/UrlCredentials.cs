using System.Text.RegularExpressions;

namespace Runback.Runbook.Runs;

/// <summary>Passwords in the URLs of a text, as people and programs write them: an <c>@</c> or a slash in one isn't always encoded.</summary>
internal static partial class UrlCredentials
{
    /// <summary>The text with the passwords masked, up to the last <c>@</c> that may end one.</summary>
    public static string Mask(string text) => text.Contains("://", StringComparison.Ordinal) ? Password().Replace(text, "${before}***@") : text;

    /// <summary>The passwords in the URLs of a value, each as far as it may reach.</summary>
    public static IEnumerable<string> In(string value)
    {
        if (!value.Contains("://", StringComparison.Ordinal))
            yield break;
        foreach (var expression in (Regex[])[Password(), Cautious()])
        {
            foreach (Match match in expression.Matches(value))
                yield return match.Groups["password"].Value;
        }
    }

    // What is only digits up to the next slash is a port.
    [GeneratedRegex(@"(?<before>[a-zA-Z][a-zA-Z0-9+.-]{0,20}://[^\s:/@""'<>]{0,200}:)(?!\d{1,5}(?:[/?#]|$))(?<password>[^\s""'<>]{1,400})@")]
    private static partial Regex Password();

    // The same by the book: no slash, and the first `@` ends it.
    [GeneratedRegex(@"://[^\s:/@]{0,200}:(?<password>[^\s/@]{1,400})@")]
    private static partial Regex Cautious();
}
