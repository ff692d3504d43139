using Runback.Lab.Tests.Rollbacks;

namespace Runback.Lab.Tests.Faults;

/// <summary>The program is killed, or told to end, at the changes that it makes; the changes are those that <see cref="Scene.Changes"/> names.</summary>
internal static class KilledRows
{
    private const string Serving = "up --detach*api";
    private static readonly string[] Decisive = ["alembic downgrade", "RENAME TO"];

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        .. Scene.Strategies.SelectMany(scene => (FaultRow[])
        [
            Clean(Tier.Thorough, scene),
            Chain(scene.IsEmergency ? Tier.Thorough : Tier.Default, $"the program is killed again and again, as each change of {scene} begins", scene, scene.Changes.Select(change => Moment.Begun(change)), Fault.Kill, 137),
            Chain(Tier.Thorough, $"the program is killed again and again, as changes of {scene} have ended", scene, scene.Changes.Where(change => !Exchanging(change)).Select(change => Moment.Done(change)), Fault.Kill, 137),
            Chain(Tier.Thorough, $"Ctrl-C comes again and again, as each change of {scene} begins", scene, scene.Changes.Where(change => change != "alembic downgrade").Select(change => Moment.Begun(change)), Fault.Interrupted, 4, 5, 130),
            Chain(Tier.Thorough, $"SIGTERM comes again and again, as each change of {scene} has ended", scene, scene.Changes.Where(change => change is not (Serving or "alembic downgrade")).Select(change => Moment.Done(change)), Fault.Terminated, 0, 4, 5, 143),
            // The release may serve as well by then as the one before did: then it stays, and the next run begins from it.
            new(Tier.Thorough, $"SIGTERM comes when {scene} has ended `{Serving}`", scene, Moment.Done(Serving), Fault.Terminated, 0, 4, 5),
        ]),
        new(Tier.Thorough, $"the program is killed once {Scene.AppOnly} has pinned the release, and a person returns", Scene.AppOnly, Moment.Done("sed -i"), Fault.Kill, 137) { Finish = Finish.Return },
        // Those at which the next run begins from something else than what was there before.
        .. Scene.Strategies.SelectMany(scene => scene.Changes.Where(Exchanging).Select(change => new FaultRow(Tier.Thorough, $"the program is killed when {scene} has ended `{change}`", scene, Moment.Done(change), Fault.Kill, 137))),
        .. Scene.Strategies.SelectMany(scene => scene.Changes.Where(Decisive.Contains).Select(change => At(scene, change))),
        Interrupted,
        // The database may be down already: then the release that fits it stays, and the next run begins from it.
        new(Tier.Thorough, $"SIGTERM comes when {Scene.Downgrade} begins `alembic downgrade`", Scene.Downgrade, Moment.Begun("alembic downgrade"), Fault.Terminated, 4, 5),
        new(Tier.Thorough, $"SIGTERM comes when {Scene.Downgrade} has ended `alembic downgrade`", Scene.Downgrade, Moment.Done("alembic downgrade"), Fault.Terminated, 4, 5),
    ];

    /// <summary>Ctrl-C in the middle of the cutover.</summary>
    public static FaultRow Interrupted => new(Tier.Thorough, $"Ctrl-C comes when {Scene.AppOnly} begins `{Serving}`", Scene.AppOnly, Moment.Begun(Serving), Fault.Interrupted, 4, 5);

    /// <summary>SIGTERM once the release serves: it may stay, and the next run begins from it.</summary>
    public static FaultRow Terminated => new(Tier.Thorough, $"SIGTERM comes when {Scene.AppOnly} has ended `{Serving}`", Scene.AppOnly, Moment.Done(Serving), Fault.Terminated, 0, 4, 5);

    /// <summary>The program is killed as it begins a change.</summary>
    public static FaultRow At(Scene scene, string change) => new(Tier.Thorough, $"the program is killed when {scene} begins `{change}`", scene, Moment.Begun(change), Fault.Kill, 137);

    private static bool Exchanging(string change) => Decisive.Contains(change) || change is "sed -i" or Serving;

    // After each the exit code, the result and production are looked at, and the same command is given again.
    private static FaultRow Chain(Tier tier, string name, Scene scene, IEnumerable<Moment> moments, Fault fault, params int[] exitCodes) =>
        FaultRow.Chain(tier, name, [.. moments.Select(moment => new FaultRow(tier, $"{fault.Kind} at {moment.Part}", scene, moment, fault, exitCodes))]);

    // Without it a new change could be left out of the rows below, and nobody would notice.
    private static FaultRow Clean(Tier tier, Scene scene) => new(tier, $"nothing happens to {scene}: it makes the changes at which the other rows strike, and no other", scene, Moment.Start, Fault.None, 0)
    {
        Finish = Finish.Nothing,
        Also = AssertChangesAsync,
    };

    /// <summary>Sees that a run made the changes that its scene names, each once, and no other.</summary>
    public static Task AssertChangesAsync(Trial trial, Ended ended)
    {
        var commands = trial.Journal.Lines().Where(line => line["event"]!.ToString() == "change").Select(line => line["command"]!.ToString())
            // Kept from pruning once for each release, and no longer than it is one of the last.
            .Where(command => !command.Contains("runback-keep-", StringComparison.Ordinal)).ToList();
        Assert.True(
            commands.Count == trial.Scene.Changes.Count && trial.Scene.Changes.All(change => commands.Count(command => Moment.Holds(command, change)) == 1),
            $"expected one change for each of\n{string.Join('\n', trial.Scene.Changes)}\nfound\n{string.Join('\n', commands)}");
        return Task.CompletedTask;
    }
}
