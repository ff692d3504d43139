namespace Runback.Lab.Tests.Faults;

/// <summary>Rows that nobody thought of: any fault at any change of any strategy. The same seed gives the same rows.</summary>
internal static class RandomRows
{
    private static readonly IReadOnlyList<(string Name, Fault Fault, bool MayBeDown, IReadOnlyList<int> ExitCodes)> Faults =
    [
        ("the program is killed", Fault.Kill, false, [137]),
        ("Ctrl-C comes", Fault.Signal("INT"), false, [0, 4, 5, 130]),
        ("SIGTERM comes", Fault.Signal("TERM"), false, [0, 4, 5, 143]),
        ("the terminal is closed", Fault.Signal("HUP"), false, [0, 4, 5, 129]),
        ("the engine goes away", EngineRows.Gone(), true, [0, 1, 3, 4, 5]),
        ("the engine is silent for a while", EngineRows.SilentForAWhile(), true, [0, 1, 3, 4, 5]),
        ("the database is restarted", DatabaseRows.Restart, true, [0, 1, 3, 4, 5]),
    ];

    public static IEnumerable<FaultRow> Of(int count, int seed)
    {
        var random = new Random(seed);
        for (var number = 1; number <= count; number++)
        {
            var scene = Scene.Strategies[random.Next(Scene.Strategies.Count)];
            var change = scene.Changes[random.Next(scene.Changes.Count)];
            var ended = random.Next(2) == 1;
            var (name, fault, mayBeDown, exitCodes) = Faults[random.Next(Faults.Count)];
            yield return new FaultRow(
                $"random {number} of seed {seed}: {name} when {scene} {(ended ? "has ended" : "begins")} `{change}`", scene,
                ended ? Moment.Done(change) : Moment.Begun(change), fault, exitCodes) { MayBeDown = mayBeDown };
        }
    }
}
