namespace Runback.Runbook.Rollbacks;

/// <summary>One way out, for a person to choose.</summary>
/// <param name="Strategy">The strategy.</param>
/// <param name="IsOpen">Whether it can be taken.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="WhyNot">Why it can't be taken, or null.</param>
/// <param name="Command">The command for it, or null where it can't be taken.</param>
public sealed record StrategyChoice(Strategy Strategy, bool IsOpen, string Meaning, string? WhyNot, string? Command)
{
    /// <summary>How long clients would notice it, in seconds, as measured in the rehearsal and in the last run; null while not measured.</summary>
    public double? DowntimeSeconds { get; init; }

    /// <summary>What would be lost, in numbers; null while not measured.</summary>
    public string? Loss { get; init; }
}
