namespace Runback.Engine.Graph;

/// <summary>Marks what a run leaves out before it begins.</summary>
internal static class SkipMarker
{
    /// <summary>Applies <c>--skip</c> and the static conditions.</summary>
    /// <param name="plan">All in it are scheduled.</param>
    /// <param name="skip">The targets to skip; null: none; empty: everything that wasn't asked for by name.</param>
    /// <param name="reason">Why, as the summary says it.</param>
    public static void Mark(IReadOnlyList<ExecutableTarget> plan, IReadOnlyCollection<ExecutableTarget>? skip, string reason)
    {
        if (skip is not null)
        {
            foreach (var target in plan.Where(x => !x.Invoked && (skip.Count == 0 || skip.Contains(x))))
                Skip(plan, target, reason);
        }

        foreach (var target in plan)
            ApplyConditions(plan, target, target.Definition.StaticConditions);
    }

    /// <summary>Skips a target whose condition is false.</summary>
    /// <returns>Whether it is skipped.</returns>
    public static bool ApplyConditions(IReadOnlyList<ExecutableTarget> plan, ExecutableTarget target, IEnumerable<Condition> conditions)
    {
        var violated = conditions.Where(x => !x.Holds()).ToList();
        if (violated.Count == 0)
            return target.Status == ExecutionStatus.Skipped;
        target.OnlyWhen ??= Condition.Words(violated);
        Skip(plan, target, null);
        return true;
    }

    private static void Skip(IReadOnlyList<ExecutableTarget> plan, ExecutableTarget target, string? reason)
    {
        if (target.Status != ExecutionStatus.Scheduled)
            return;
        target.Status = ExecutionStatus.Skipped;
        target.Skipped ??= reason;
        if (target.DependencyBehavior == DependencyBehavior.Execute)
            return;

        foreach (var other in target.ExecutionDependencies.Concat(target.Triggers))
        {
            var needed = other.Invoked || plan.Any(x => x != target && x.Status == ExecutionStatus.Scheduled
                && (x.ExecutionDependencies.Contains(other) || x.Triggers.Contains(other)));
            if (!needed)
                Skip(plan, other, $"because {target.Name} is");
        }
    }
}
