using System.Text.RegularExpressions;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>Patterns that a profile brings, matched against text that others wrote: in time linear in the text, or with a limit where they need more.</summary>
internal static class SafePattern
{
    private const int Longest = 2000;

    // An event of a log is at most some thousands of characters: whatever takes longer, on a busy machine too, is a pattern gone wild.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Reads a pattern.</summary>
    /// <param name="pattern">A regular expression.</param>
    /// <param name="what">What it is for, for the error.</param>
    /// <exception cref="RunbookException">It isn't one (outcome Usage).</exception>
    public static Regex Parse(string pattern, string what)
    {
        if (pattern.Length > Longest)
            throw RunbookException.Usage($"expected {what} of at most {Longest} characters, found {pattern.Length}", "split it: several patterns can be given");
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Limit);
        }
        catch (NotSupportedException)
        {
            // Look-arounds and back references need the other matcher.
            return new Regex(pattern, RegexOptions.CultureInvariant, Limit);
        }
        catch (ArgumentException wrong)
        {
            throw RunbookException.Usage($"expected {what}, found `{pattern}`: {wrong.Message}", "write a regular expression; a character that has a meaning in one is escaped with \\");
        }
    }

    /// <summary>The first of the patterns that is found in a text, or null. One that takes too long on it counts as not found.</summary>
    public static Regex? FirstIn(this IEnumerable<Regex> patterns, string text) => patterns.FirstOrDefault(pattern =>
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    });
}
