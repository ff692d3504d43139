namespace Runback.Lab.Tests.Faults;

/// <summary>Rows that nobody thought of: any fault at any change of any strategy. The same seed gives the same rows.</summary>
internal static class RandomRows
{
    private static readonly IReadOnlyList<(string Name, Fault Fault, bool MayBeDown, IReadOnlyList<int> ExitCodes)> Faults =
    [
        ("the program is killed", Fault.Kill, false, [137]),
        ("Ctrl-C comes", Fault.Interrupted, false, [0, 4, 5, 130]),
        ("SIGTERM comes", Fault.Terminated, false, [0, 4, 5, 143]),
        ("the terminal is closed", Fault.HungUp, false, [0, 4, 5, 129]),
        ("the engine goes away", EngineRows.Gone(), true, [0, 1, 3, 4, 5]),
        ("the engine is silent for a while", EngineRows.SilentForAWhile(), true, [0, 1, 3, 4, 5]),
        ("the database is restarted", DatabaseRows.Restart, true, [0, 1, 3, 4, 5]),
    ];

    private static IReadOnlyList<FaultRow> All { get; } =
    [
        .. from scene in Scene.Strategies
           from change in scene.Changes
           from ended in new[] { false, true }
           from fault in Faults
           select new FaultRow(
               Tier.Thorough, $"{fault.Name} when {scene} {(ended ? "has ended" : "begins")} `{change}`", scene,
               ended ? Moment.Done(change) : Moment.Begun(change), fault.Fault, fault.ExitCodes) { MayBeDown = fault.MayBeDown },
    ];

    /// <summary>Some of them, none twice: as many as there are try every fault at every change.</summary>
    public static IEnumerable<FaultRow> Of(int count, int seed)
    {
        var rows = All.ToArray();
        new Random(seed).Shuffle(rows);
        return rows.Take(count).Select((row, index) => row with { Name = $"random {index + 1} of seed {seed}: {row.Name}" });
    }
}
