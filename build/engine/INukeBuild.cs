namespace Runback.Engine;

/// <summary>A build, as its parts see it.</summary>
public interface INukeBuild
{
    /// <summary>The targets of this run, in order.</summary>
    IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; }

    /// <summary>Those that were asked for by name, or are the default.</summary>
    IReadOnlyCollection<ExecutableTarget> InvokedTargets { get; }

    /// <summary>Those left out.</summary>
    IReadOnlyCollection<ExecutableTarget> SkippedTargets { get; }

    /// <summary>Those that have yet to run.</summary>
    IReadOnlyCollection<ExecutableTarget> ScheduledTargets { get; }

    /// <summary>Those that run now.</summary>
    IReadOnlyCollection<ExecutableTarget> RunningTargets { get; }

    /// <summary>Those that a signal cut short.</summary>
    IReadOnlyCollection<ExecutableTarget> AbortedTargets { get; }

    /// <summary>Those that failed.</summary>
    IReadOnlyCollection<ExecutableTarget> FailedTargets { get; }

    /// <summary>Those that ended well.</summary>
    IReadOnlyCollection<ExecutableTarget> SucceededTargets { get; }

    /// <summary>Those that ended, well or not.</summary>
    IReadOnlyCollection<ExecutableTarget> FinishedTargets { get; }

    /// <summary>Whether nothing has failed so far.</summary>
    bool IsSucceeding { get; }

    /// <summary>Whether something failed, was cut short or was not run.</summary>
    bool IsFailing { get; }

    /// <summary>Whether nothing is left to run.</summary>
    bool IsFinished { get; }

    /// <summary>The process's exit code; null leaves it to the engine.</summary>
    int? ExitCode { get; set; }

    /// <summary>The repository.</summary>
    AbsolutePath RootDirectory { get; }

    /// <summary><c>.nuke/temp</c> below the root.</summary>
    AbsolutePath TemporaryDirectory { get; }

    /// <summary>The build's assembly.</summary>
    AbsolutePath? BuildAssemblyFile { get; }

    /// <summary>The directory of the build's assembly.</summary>
    AbsolutePath? BuildAssemblyDirectory { get; }

    /// <summary>How much the engine prints.</summary>
    Verbosity Verbosity { get; }

    /// <summary>Whether only the plan is shown.</summary>
    bool Plan { get; }

    /// <summary>Whether only help is shown.</summary>
    bool Help { get; }

    /// <summary>Whether the engine prints no heading of its own.</summary>
    bool NoLogo { get; }

    /// <summary>Whether a person's machine runs this.</summary>
    bool IsLocalBuild { get; }

    /// <summary>Whether a CI system runs this.</summary>
    bool IsServerBuild { get; }

    /// <summary>Adds lines to the running target's row in the summary.</summary>
    void ReportSummary(Configure<Dictionary<string, string>>? configurator = null);
}
