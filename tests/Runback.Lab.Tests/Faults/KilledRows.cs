using Runback.Lab.Tests.Rollbacks;

namespace Runback.Lab.Tests.Faults;

/// <summary>The program is killed, or told to end, at the changes that it makes; the changes are those that <see cref="Scene.Changes"/> names.</summary>
internal static class KilledRows
{
    // What a restore makes before it stops anybody: nothing of production is touched yet.
    private const int Preparing = 7;

    private static readonly string[] AfterWhich = ["sed -i", "up --detach*api", "alembic downgrade", "RENAME TO"];

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        .. Scene.Strategies.Select(Clean),
        .. Killed(Scene.AppOnly, Scene.AppOnly.Changes),
        new($"the program is killed once {Scene.AppOnly} has pinned the release, and a person returns", Scene.AppOnly, Moment.Done("sed -i"), Fault.Kill, 137) { Finish = Finish.Return },
        .. Signalled(Scene.AppOnly, Scene.AppOnly.Changes.SkipLast(1), 4, 130, 143),
        // By then the release may serve as well as the one before did: it stays, unverified, and a person is told.
        .. Signalled(Scene.AppOnly, Scene.AppOnly.Changes.TakeLast(1), 4, 5),
        .. Killed(Scene.Downgrade, Scene.Downgrade.Changes),
        .. Signalled(Scene.Downgrade, ["yml stop*api", "alembic downgrade"], 4, 5),
        new("the program is killed again and again while a restore is prepared", Scene.Restore, Moment.Begun(Scene.Restore.Changes[0]), Fault.Kill, 137)
        {
            Again = [.. Scene.Restore.Changes.Take(Preparing).Skip(1).Select(change => Moment.Begun(change))],
        },
        .. Killed(Scene.Restore, Scene.Restore.Changes.Skip(Preparing)),
        .. Signalled(Scene.Restore, ["RENAME TO", "up --detach*api"], 4),
    ];

    // Without it a new change could be left out of the rows below, and nobody would notice.
    private static FaultRow Clean(Scene scene) => new($"nothing happens to {scene}: it makes the changes at which the other rows strike, and no other", scene, Moment.Start, new(), 0)
    {
        Finish = Finish.Nothing,
        Also = AssertChangesAsync,
    };

    private static Task AssertChangesAsync(Trial trial, Ended ended)
    {
        var commands = trial.Journal.Lines().Where(line => line["event"]!.ToString() == "change").Select(line => line["command"]!.ToString())
            // Kept from pruning once for each release, and no longer than it is one of the last.
            .Where(command => !command.Contains("runback-keep-", StringComparison.Ordinal)).ToList();
        Assert.True(
            commands.Count == trial.Scene.Changes.Count && trial.Scene.Changes.All(change => commands.Count(command => Moment.Holds(command, change)) == 1),
            $"expected one change for each of\n{string.Join('\n', trial.Scene.Changes)}\nfound\n{string.Join('\n', commands)}");
        return Task.CompletedTask;
    }

    private static IEnumerable<FaultRow> Killed(Scene scene, IEnumerable<string> changes) => changes.SelectMany(change => (FaultRow[])
    [
        new($"the program is killed when {scene} begins `{change}`", scene, Moment.Begun(change), Fault.Kill, 137),
        .. AfterWhich.Contains(change) ? [new($"the program is killed when {scene} has ended `{change}`", scene, Moment.Done(change), Fault.Kill, 137)] : (FaultRow[])[],
    ]);

    // Ctrl-C and SIGTERM in turn.
    private static IEnumerable<FaultRow> Signalled(Scene scene, IEnumerable<string> changes, params int[] exitCodes) => changes.Select((change, index) => index % 2 == 0
        ? new FaultRow($"Ctrl-C comes when {scene} begins `{change}`", scene, Moment.Begun(change), Fault.Signal("INT"), exitCodes)
        : new FaultRow($"SIGTERM comes when {scene} begins `{change}`", scene, Moment.Begun(change), Fault.Signal("TERM"), exitCodes));
}
