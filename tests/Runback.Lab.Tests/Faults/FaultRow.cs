namespace Runback.Lab.Tests.Faults;

/// <summary>How a row's job is finished once the fault is gone.</summary>
internal enum Finish
{
    /// <summary>The same command, again.</summary>
    SameCommand,

    /// <summary>Return: back to the release before.</summary>
    Return,

    /// <summary>Nothing is left to do: the run brought it to an end itself.</summary>
    Nothing,
}

/// <summary>One row of the matrix: a fault, where it is put in, and what must hold afterwards beside all that always must.</summary>
/// <param name="Tier">The first tier that tries it.</param>
/// <param name="Name">What happens, as an operator would say it.</param>
/// <param name="Scene">What is rolled back.</param>
/// <param name="When">When the fault is put in.</param>
/// <param name="Fault">What goes wrong.</param>
/// <param name="ExitCodes">The exit codes that are right.</param>
internal sealed record FaultRow(Tier Tier, string Name, Scene Scene, Moment When, Fault Fault, params IReadOnlyList<int> ExitCodes)
{
    /// <summary>What is added to the command, in this run and the one that finishes it.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>Whether a person is told that the application doesn't serve: then it needn't.</summary>
    public bool MayBeDown { get; init; }

    /// <summary>Whether nobody can read what it says: then only its exit code, its files and production tell.</summary>
    public bool IsUnheard { get; init; }

    /// <summary>Whether its journal can't hold its end: then Status shows it until the next run.</summary>
    public bool HasNoEnd { get; init; }

    /// <summary>Whether everybody on the engine would feel the fault, so that nothing else may run beside it.</summary>
    public bool IsAlone { get; init; }

    /// <summary>When the fault comes again, each time in the same command that was to finish the job.</summary>
    public IReadOnlyList<Moment> Again { get; init; } = [];

    /// <summary>How the job is finished.</summary>
    public Finish Finish { get; init; } = Finish.SameCommand;

    /// <summary>What else must hold once the fault is gone; null for nothing.</summary>
    public Func<Trial, Rollbacks.Ended, Task>? Also { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
