using System.Text.RegularExpressions;

namespace Runback.Runbook.Incidents.GitHub;

/// <summary>The hidden last line by which a run finds what it wrote.</summary>
internal static partial class Marker
{
    /// <summary>A run's marker: an HTML comment, which GitHub doesn't show.</summary>
    /// <exception cref="ArgumentException">The id isn't one.</exception>
    public static string Of(string run) => IdPattern().IsMatch(run)
        ? $"<!-- runback:{run} -->"
        : throw new ArgumentException("expected a run's id of letters, digits and dashes", nameof(run));

    /// <summary>Whether a body ends with the run's marker.</summary>
    public static bool Ends(string? body, string run) => body is not null && body.AsSpan().TrimEnd().EndsWith(Of(run), StringComparison.Ordinal);

    [GeneratedRegex(@"\A[A-Za-z0-9-]{1,64}\z")]
    private static partial Regex IdPattern();
}
