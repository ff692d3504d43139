using System.Linq.Expressions;
using Runback.Engine.Running;

namespace Runback.Engine;

/// <summary>
/// The base of a build: targets are its properties of type <see cref="Target"/>, parameters its members with <see cref="ParameterAttribute"/>.
/// <c>static int Main() =&gt; Execute&lt;Build&gt;(x =&gt; x.Default)</c> runs it.
/// </summary>
public abstract partial class NukeBuild : INukeBuild
{
    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; internal set; } = [];

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> InvokedTargets => [.. ExecutionPlan.Where(x => x.Invoked)];

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> SkippedTargets => With(ExecutionStatus.Skipped);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> ScheduledTargets => With(ExecutionStatus.Scheduled);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> RunningTargets => With(ExecutionStatus.Running);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> AbortedTargets => With(ExecutionStatus.Aborted);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> FailedTargets => With(ExecutionStatus.Failed);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> SucceededTargets => With(ExecutionStatus.Succeeded);

    /// <inheritdoc />
    public IReadOnlyCollection<ExecutableTarget> FinishedTargets => [.. FailedTargets, .. SucceededTargets];

    /// <inheritdoc />
    public bool IsSucceeding => !IsFailing;

    /// <inheritdoc />
    public bool IsFailing => ExecutionPlan.Any(x => x.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun);

    /// <inheritdoc />
    public bool IsFinished => !ExecutionPlan.Any(x => x.Status is ExecutionStatus.Scheduled or ExecutionStatus.Running);

    /// <inheritdoc />
    public int? ExitCode { get; set; }

    /// <inheritdoc />
    public bool Plan { get; internal set; }

    /// <inheritdoc />
    public bool Help { get; internal set; }

    /// <inheritdoc />
    public bool NoLogo { get; set; }

    /// <summary>Runs the build with this process's arguments and environment.</summary>
    /// <typeparam name="T">The build.</typeparam>
    /// <param name="defaultTargetExpressions">The targets that run when none is named.</param>
    /// <returns>The process's exit code: <see cref="ExitCode"/> where the build set it, else 0 done, 1 failed, 2 bad usage, 128 + n after signal n.</returns>
    protected static int Execute<T>(params Expression<Func<T, Target>>[] defaultTargetExpressions)
        where T : NukeBuild, new()
        => BuildManager.Execute(defaultTargetExpressions);

    /// <summary>Adds lines to the running target's row in the summary.</summary>
    /// <param name="configurator">Gets an empty dictionary and returns it filled: what it is, what it was.</param>
    /// <exception cref="InvalidOperationException">No target runs.</exception>
    public void ReportSummary(Configure<Dictionary<string, string>>? configurator = null)
    {
        var target = RunningTarget.Current ?? RunningTargets.SingleOrDefault()
            ?? throw new InvalidOperationException("ReportSummary was called outside of a running target.");
        target.SummaryInformation = configurator?.Invoke([]) ?? [];
    }

    private List<ExecutableTarget> With(ExecutionStatus status) => [.. ExecutionPlan.Where(x => x.Status == status)];
}
