using Spectre.Console;

namespace Runback.Runbook.Verification;

/// <summary>How a verification goes on looking.</summary>
public sealed record WatchOptions
{
    /// <summary>Whether it goes on after a failure, until a person ends it.</summary>
    public bool KeepsOn { get; init; }

    /// <summary>How long everything must have been good without a break; null for no end.</summary>
    public TimeSpan? GoodAfter { get; init; }

    /// <summary>How long it waits between two looks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where a live table is shown; null for lines.</summary>
    public IAnsiConsole? Console { get; init; }
}
