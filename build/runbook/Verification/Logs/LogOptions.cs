using System.Text.RegularExpressions;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification.Logs;

/// <summary>What is looked for in the app services' logs.</summary>
public sealed record LogOptions
{
    /// <summary>Patterns of which no event may hold one.</summary>
    public IReadOnlyList<Regex> Fail { get; init; } = [];

    /// <summary>Patterns whose events count for nothing.</summary>
    public IReadOnlyList<Regex> Ignore { get; init; } = [];

    /// <summary>How far back is looked at most: in the time before the exchange, and since it.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The options of a profile's patterns.</summary>
    /// <exception cref="RunbookException">A pattern isn't a regular expression (outcome Usage).</exception>
    public static LogOptions Of(IEnumerable<string> fail, IEnumerable<string> ignore, TimeSpan window) => new()
    {
        Fail = [.. fail.Select(pattern => SafePattern.Parse(pattern, "a pattern for --log-fail"))],
        Ignore = [.. ignore.Select(pattern => SafePattern.Parse(pattern, "a pattern for --log-ignore"))],
        Window = window,
    };
}
