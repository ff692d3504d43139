namespace Runback.Lab.Tests.Faults;

/// <summary>
/// The default tier's rows: every kind of fault once, several in one run or one run after another, as bringing a scene about takes longer than a fault. On demand
/// each fault is met in a row of its own.
/// </summary>
internal static class GuardingRows
{
    private static readonly IReadOnlyList<FaultRow> Each = [.. EngineRows.All, .. RegistryRows.All, .. DatabaseRows.All, .. ReleaseRows.All, .. FileRows.All, .. OperatorRows.All, .. ClockRows.All];

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        // It makes the changes that a run without a fault makes: a new one could be left out of the rows that strike at them, and nobody would notice.
        AtOnce(
            "an app-only rollback bears at once: an odd env file that somebody edits, a ledger and channels that take nothing, a clock set back, a tag that moves, a registry that goes away, a second run",
            [FaultKind.EnvFileOdd, FaultKind.LedgerRefused, FaultKind.DeafChannels, FaultKind.ClockWrong, FaultKind.EnvFileEdited, FaultKind.TagMoved, FaultKind.OtherRun],
            (Moment.Begun("sed -i"), new(FaultKind.RegistryDown, Strike: RegistryRows.StopAsync, Mend: RegistryRows.StartAsync))) with { Also = AllBorneAsync },
        AtOnce(
            "an app-only rollback bears at once: nobody who reads what it says, a run folder that fills up, an engine that is silent for a while",
            [FaultKind.Unread, FaultKind.RunFolderFull, FaultKind.EngineSilent]) with { IsUnheard = true, HasNoEnd = true },
        InTurn("an app-only rollback meets in turn: a terminal that closes, files that can't be written, Ctrl-C, SIGTERM", Scene.AppOnly,
            Of(FaultKind.RunFolderRefused), Of(FaultKind.BackupDiskFull), Of(FaultKind.HungUp), Of(FaultKind.EnvFileFixed), KilledRows.Interrupted, Of(FaultKind.RunFolderGone), KilledRows.Terminated),
        InTurn("an app-only rollback meets in turn: a database that is full, restarted, moved, read-only, slow, gone, and workers that end", Scene.AppOnly,
            Of(FaultKind.DatabaseFull), Of(FaultKind.WorkersEnd), Of(FaultKind.RevisionMoved), Of(FaultKind.DatabaseRestarted), Of(FaultKind.DatabaseReadOnly), Of(FaultKind.DatabaseSlow), Of(FaultKind.DatabaseGone)),
        InTurn("an app-only rollback meets in turn: a port that is taken, an engine that breaks connections, goes away, falls silent for good", Scene.AppOnly,
            Of(FaultKind.PortTaken), Of(FaultKind.EngineBreaksConnections), Each.Single(row => row.Name == "the engine goes away in the middle of the cutover"), Of(FaultKind.EngineSilentForGood)),
        InTurn("a release that the host hasn't meets in turn: a registry that never answers, and one that lies", Scene.Older, Of(FaultKind.RegistrySilent), Of(FaultKind.RegistryLies)),
        InTurn("a downgrade meets in turn: a table that somebody holds, and its own death before the database changes", Scene.Downgrade,
            Of(FaultKind.TableLocked), KilledRows.At(Scene.Downgrade, "alembic downgrade")),
        InTurn("a restore meets in turn: a dump that is cut, and its own death before the databases change places", Scene.Restore,
            Of(FaultKind.DumpSpoilt), KilledRows.At(Scene.Restore, "RENAME TO")),
    ];

    private static FaultRow Of(FaultKind kind) => Each.First(row => row.Fault.Kind == kind);

    private static FaultRow InTurn(string name, Scene scene, params FaultRow[] legs)
    {
        System.Diagnostics.Debug.Assert(Array.TrueForAll(legs, leg => leg.Scene == scene), name);
        return FaultRow.Chain(Tier.Default, name, legs);
    }

    private static FaultRow AtOnce(string name, FaultKind[] kinds, params (Moment When, Fault Fault)[] more)
    {
        var rows = kinds.Select(Of).ToList();
        return rows[0] with { Tier = Tier.Default, Name = name, ExitCodes = [0], Beside = [.. rows.Skip(1).Select(row => (row.When, row.Fault)), .. more] };
    }

    private static async Task AllBorneAsync(Trial trial, Rollbacks.Ended ended)
    {
        await KilledRows.AssertChangesAsync(trial, ended);
        foreach (var also in ((FaultKind[])[FaultKind.LedgerRefused, FaultKind.DeafChannels, FaultKind.TagMoved]).Select(kind => Of(kind).Also))
            await also!(trial, ended);
    }
}
