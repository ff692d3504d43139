using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>Which strategies a job may run, whoever started it and whatever was given it.</summary>
public static class StrategyGuard
{
    /// <summary>The strategy, when it is let through.</summary>
    /// <param name="strategy">What was asked for.</param>
    /// <param name="allowed">What is let through; empty for everything.</param>
    /// <exception cref="RunbookException">It isn't (outcome Refused).</exception>
    public static Strategy Allowed(Strategy strategy, IReadOnlyCollection<Strategy> allowed) => allowed.Count == 0 || allowed.Contains(strategy) ? strategy
        : throw RunbookException.Refused(
            $"expected one of the strategies that are let through here ({string.Join(", ", allowed)}), found {strategy}",
            "an emergency strategy has a job of its own, in a guarded environment: start that one");
}
