using System.Diagnostics;
using System.Reflection;
using Runback.Engine.Graph;

namespace Runback.Engine;

/// <summary>A target of the build, with its relations and its state in this run.</summary>
[DebuggerDisplay("{Name} ({Status})")]
public sealed class ExecutableTarget
{
    private readonly Stopwatch watch = new();

    internal ExecutableTarget(string name, PropertyInfo member, TargetDefinition definition, int index)
    {
        Name = name;
        Member = member;
        Definition = definition;
        Index = index;
    }

    /// <summary>The property's name.</summary>
    public string Name { get; }

    /// <summary>The property that declares it.</summary>
    public MemberInfo Member { get; }

    /// <summary>One sentence, or null.</summary>
    public string? Description => Definition.Text;

    /// <summary>Whether <c>--help</c> shows it.</summary>
    public bool Listed => !Definition.IsUnlisted;

    /// <summary>Whether it runs when no target is named.</summary>
    public bool IsDefault { get; internal set; }

    /// <summary>Whether it was asked for by name, or is the default.</summary>
    public bool Invoked { get; internal set; }

    /// <summary>Where it is in this run.</summary>
    public ExecutionStatus Status { get; internal set; }

    /// <summary>How long it has run.</summary>
    public TimeSpan Duration => watch.Elapsed;

    /// <summary>What becomes of its dependencies if it is skipped.</summary>
    public DependencyBehavior DependencyBehavior => Definition.WhenSkippedBehavior;

    /// <summary>Whether it runs even after a failure.</summary>
    public bool AssuredAfterFailure => Definition.IsAssured;

    /// <summary>Whether the run goes on if it fails.</summary>
    public bool ProceedAfterFailure => Definition.IsProceeding;

    /// <summary>Run before it, and planned with it.</summary>
    public IReadOnlyList<ExecutableTarget> ExecutionDependencies { get; internal set; } = [];

    /// <summary>Run before it, where planned.</summary>
    public IReadOnlyList<ExecutableTarget> OrderDependencies { get; internal set; } = [];

    /// <summary>The targets that trigger it.</summary>
    public IReadOnlyList<ExecutableTarget> TriggerDependencies { get; internal set; } = [];

    /// <summary>The targets that it triggers.</summary>
    public IReadOnlyList<ExecutableTarget> Triggers { get; internal set; } = [];

    /// <summary>Everything that runs before it, where planned.</summary>
    public IReadOnlyCollection<ExecutableTarget> AllDependencies => [.. ExecutionDependencies, .. OrderDependencies, .. TriggerDependencies];

    /// <summary>What the target reported for the summary.</summary>
    public Dictionary<string, string> SummaryInformation { get; internal set; } = [];

    /// <summary>Why it was skipped (other than by a condition), or null.</summary>
    public string? Skipped { get; internal set; }

    /// <summary>The condition that was false, or null.</summary>
    public string? OnlyWhen { get; internal set; }

    internal TargetDefinition Definition { get; }

    /// <summary>The place in the order of declaration.</summary>
    internal int Index { get; }

    internal Exception? Failure { get; set; }

    internal void StartWatch() => watch.Start();

    internal void StopWatch() => watch.Stop();
}
