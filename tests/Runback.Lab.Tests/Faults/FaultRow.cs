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

    /// <summary>What else goes wrong in the same run, in the order of its moments.</summary>
    public IReadOnlyList<(Moment When, Fault Fault)> Beside { get; init; } = [];

    /// <summary>The rows that follow on this one's scene, each with the same command and from what the one before left.</summary>
    public IReadOnlyList<FaultRow> Then { get; init; } = [];

    /// <summary>This row and those that follow on it.</summary>
    public IReadOnlyList<FaultRow> Legs => [this, .. Then];

    /// <summary>Everything that goes wrong in its run, and when.</summary>
    public IReadOnlyList<(Moment When, Fault Fault)> Faults => [(When, Fault), .. Beside];

    /// <summary>How the job is finished.</summary>
    public Finish Finish { get; init; } = Finish.SameCommand;

    /// <summary>What else must hold once the fault is gone; null for nothing.</summary>
    public Func<Trial, Rollbacks.Ended, Task>? Also { get; init; }

    /// <summary>Several rows as one: what one leaves is what the next begins from.</summary>
    /// <param name="tier">The first tier that tries it.</param>
    /// <param name="name">What happens, as an operator would say it.</param>
    /// <param name="legs">The rows, of one scene.</param>
    public static FaultRow Chain(Tier tier, string name, params IReadOnlyList<FaultRow> legs) => legs[0] with { Tier = tier, Name = name, Then = [.. legs.Skip(1)] };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
