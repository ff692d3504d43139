using System.Linq.Expressions;
using System.Runtime.CompilerServices;

namespace Runback.Engine;

/// <summary>What a target says of itself. Every call adds to it and returns it.</summary>
public interface ITargetDefinition
{
    /// <summary>One sentence for <c>--help</c>.</summary>
    ITargetDefinition Description(string description);

    /// <summary>Adds actions, done in the order they were added.</summary>
    ITargetDefinition Executes(params Action[] actions);

    /// <summary>Adds an action whose result isn't needed; a task, or whatever else can be awaited, is.</summary>
    ITargetDefinition Executes<T>(Func<T> action);

    /// <summary>Adds an action that is awaited.</summary>
    ITargetDefinition Executes(Func<Task> action);

    /// <summary>These run before this one, and are part of every plan that this one is in.</summary>
    ITargetDefinition DependsOn(params Target[] targets);

    /// <summary>This one runs before these, and is part of every plan that one of them is in.</summary>
    ITargetDefinition DependentFor(params Target[] targets);

    /// <summary>
    /// Skips the target if the condition is false right before it would start. Its words for people go into the second argument, where the code would say it badly.
    /// </summary>
    ITargetDefinition OnlyWhenDynamic(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? conditionExpression = null);

    /// <summary>Skips the target if the condition is false before the run begins.</summary>
    ITargetDefinition OnlyWhenStatic(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? conditionExpression = null);

    /// <summary>These parameters must have values before anything runs.</summary>
    ITargetDefinition Requires<T>(Expression<Func<T>> parameterRequirement, params Expression<Func<T>>[] parameterRequirements)
        where T : class?;

    /// <summary>These parameters must have values before anything runs.</summary>
    ITargetDefinition Requires<T>(Expression<Func<T?>> parameterRequirement, params Expression<Func<T?>>[] parameterRequirements)
        where T : struct;

    /// <summary>These conditions must hold before anything runs.</summary>
    ITargetDefinition Requires(Expression<Func<bool>> requirement, params Expression<Func<bool>>[] requirements);

    /// <summary>What becomes of this target's dependencies if it is skipped.</summary>
    ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior);

    /// <summary>Runs before these, where both are in the plan.</summary>
    ITargetDefinition Before(params Target[] targets);

    /// <summary>Runs after these, where both are in the plan.</summary>
    ITargetDefinition After(params Target[] targets);

    /// <summary>These run after this one, and are part of every plan that this one is in.</summary>
    ITargetDefinition Triggers(params Target[] targets);

    /// <summary>This one runs after these, and is part of every plan that one of them is in.</summary>
    ITargetDefinition TriggeredBy(params Target[] targets);

    /// <summary>Runs even if something before it failed or the run was interrupted.</summary>
    ITargetDefinition AssuredAfterFailure();

    /// <summary>The run goes on if this one fails; it still ends as failed.</summary>
    ITargetDefinition ProceedAfterFailure();

    /// <summary>Not shown in <c>--help</c>.</summary>
    ITargetDefinition Unlisted();

    /// <summary>Adds what these targets say of themselves.</summary>
    ITargetDefinition Inherit(params Target[] targets);
}
