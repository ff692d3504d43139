namespace Runback.Runbook.Verification.Logs;

/// <summary>How a shape has changed.</summary>
public enum LogChangeKind
{
    /// <summary>It wasn't there before.</summary>
    New,

    /// <summary>It comes more often than before.</summary>
    More,

    /// <summary>It comes less often than before.</summary>
    Fewer,

    /// <summary>It would have come by now, and hasn't.</summary>
    Gone,

    /// <summary>An error that is there, where the time before isn't known.</summary>
    Seen,
}

/// <summary>A shape that changed.</summary>
/// <param name="Kind">How.</param>
/// <param name="Service">The service that logs it.</param>
/// <param name="Level">How bad it says it is.</param>
/// <param name="Shape">What its events have in common.</param>
/// <param name="Before">How often it came before.</param>
/// <param name="After">How often it came since.</param>
/// <param name="Sample">One of its events.</param>
public sealed record LogChange(LogChangeKind Kind, string Service, LogLevel Level, string Shape, int Before, int After, string Sample);

/// <summary>The logs since the containers' start against those of the time before.</summary>
/// <param name="BeforeSeconds">How long the time before was, in seconds; null when it isn't known.</param>
/// <param name="AfterSeconds">How long the time since is, in seconds.</param>
/// <param name="Changes">The shapes that changed, the worst first.</param>
public sealed record LogChanges(double? BeforeSeconds, double AfterSeconds, IReadOnlyList<LogChange> Changes)
{
    // Counts differ by chance (as a Poisson process does): what is called a change is at least twice as often, and by as many as chance rarely gives.
    private const double Factor = 2;
    private const double Least = 5;
    private const int Most = 200;

    /// <summary>Compares.</summary>
    /// <param name="before">The groups of the time before, or null when it isn't known.</param>
    /// <param name="beforeTime">How long that was.</param>
    /// <param name="after">The groups since.</param>
    /// <param name="afterTime">How long that is.</param>
    public static LogChanges Between(IReadOnlyList<LogGroup>? before, TimeSpan beforeTime, IReadOnlyList<LogGroup> after, TimeSpan afterTime)
    {
        var changes = before is null || beforeTime <= TimeSpan.Zero
            ? after.Where(group => group.Level == LogLevel.Error).Select(group => Change(LogChangeKind.Seen, group, 0, group.Count))
            : Compared(before, after, afterTime / beforeTime);
        return new LogChanges(
            before is null ? null : Math.Round(beforeTime.TotalSeconds, 1), Math.Round(afterTime.TotalSeconds, 1),
            [.. changes.OrderByDescending(change => change.Level).ThenBy(change => change.Kind).ThenByDescending(change => change.After).Take(Most)]);
    }

    /// <summary>The changes for the worse, as lines for people.</summary>
    public IEnumerable<string> Warnings => Changes
        .Where(change => change.Level == LogLevel.Error && change.Kind is LogChangeKind.New or LogChangeKind.More or LogChangeKind.Seen)
        .Select(change => $"{(change.Kind switch { LogChangeKind.New => "new error", LogChangeKind.More => "more errors", _ => "error" })} in {change.Service}'s log, {change.After} times{(change.Before > 0 ? $" (before: {change.Before})" : "")}: {change.Sample}");

    private static IEnumerable<LogChange> Compared(IReadOnlyList<LogGroup> before, IReadOnlyList<LogGroup> after, double ratio)
    {
        var earlier = before.ToDictionary(group => (group.Service, group.Shape));
        var later = after.ToDictionary(group => (group.Service, group.Shape));
        foreach (var group in after)
        {
            var count = earlier.GetValueOrDefault((group.Service, group.Shape))?.Count ?? 0;
            if (KindOf(count, count * ratio, group.Count) is { } kind)
                yield return Change(kind, group, count, group.Count);
        }
        foreach (var group in before.Where(group => !later.ContainsKey((group.Service, group.Shape)) && group.Count * ratio >= Least))
            yield return Change(LogChangeKind.Gone, group, group.Count, 0);
    }

    private static LogChangeKind? KindOf(int before, double expected, int after) =>
        before == 0 ? LogChangeKind.New
        : after >= Factor * expected && after - expected >= Least ? LogChangeKind.More
        : expected >= Factor * after && expected - after >= Least ? LogChangeKind.Fewer
        : null;

    private static LogChange Change(LogChangeKind kind, LogGroup group, int before, int after) =>
        new(kind, group.Service, group.Level, group.Shape, before, after, group.Sample);
}
