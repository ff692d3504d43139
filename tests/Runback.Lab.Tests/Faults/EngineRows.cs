namespace Runback.Lab.Tests.Faults;

/// <summary>The engine can't be reached, is silent, or comes back, as the program sees it.</summary>
internal static class EngineRows
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(8);

    public static IReadOnlyList<FaultRow> All { get; } =
    [
        new(Tier.Thorough, "the engine is gone before anything is looked at", Scene.AppOnly, Moment.Start, Gone(), 3),
        new(Tier.Thorough, "the engine goes away in the preflight", Scene.AppOnly, Moment.Step("Preflight"), Gone(), 1, 3),
        new(Tier.Thorough, "the engine goes away while the backup is taken", Scene.AppOnly, Moment.Begun("pg_dump"), Gone(), 5) { MayBeDown = true },
        new(Tier.Thorough, "the engine goes away in the middle of the cutover", Scene.AppOnly, Moment.Begun("up --detach*api"), Gone(), 5) { MayBeDown = true },
        new(Tier.Thorough, "the engine goes away while the release is verified", Scene.AppOnly, Moment.Step("Verify"), Gone(), 5) { MayBeDown = true },
        new(Tier.Thorough, "the engine is silent for a while in the middle of the cutover, and comes back", Scene.AppOnly, Moment.Begun("up --detach*api"), SilentForAWhile(), 0, 4),
        new(Tier.Thorough, "the engine is silent for a while when a downgrade has stopped the api, and comes back", Scene.Downgrade, Moment.Done("stop*api"), SilentForAWhile(), 0, 4),
        new(Tier.Thorough, "the engine falls silent in the middle of the cutover, and stays so", Scene.AppOnly, Moment.Begun("up --detach*api"), Silent(), 5) { MayBeDown = true, Also = SaysSilentAsync },
        new(Tier.Thorough, "the engine breaks every connection for a second in the middle of the cutover", Scene.AppOnly, Moment.Begun("up --detach*api"), Broken(), 0, 4, 5) { MayBeDown = true },
        new(Tier.Thorough, "the engine goes away when a restore has swapped the databases", Scene.Restore, Moment.Done("RENAME TO"), Gone(), 5) { MayBeDown = true },
    ];

    public static Fault Gone() => Relayed(FaultKind.EngineGone, relay =>
    {
        relay.Cut();
        return Task.CompletedTask;
    });

    public static Fault SilentForAWhile() => Relayed(FaultKind.EngineSilent, async relay =>
    {
        relay.Stall();
        await Task.Delay(Silence, TestContext.Current.CancellationToken);
        relay.Resume();
    });

    private static Fault Silent() => Relayed(FaultKind.EngineSilentForGood, relay =>
    {
        relay.Stall();
        return Task.CompletedTask;
    });

    private static Task SaysSilentAsync(Trial trial, Rollbacks.Ended ended)
    {
        Assert.Contains("silent for over 60 s", ended.Said, StringComparison.Ordinal);
        return Task.CompletedTask;
    }

    private static Fault Broken() => Relayed(FaultKind.EngineBreaksConnections, async relay =>
    {
        relay.Cut();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        relay.Resume();
    });

    private static Fault Relayed(FaultKind kind, Func<EngineRelay, Task> strike) => new(
        kind,
        Prepare: trial =>
        {
            trial.Relay = trial.With(new EngineRelay());
            trial.Environment["DOCKER_HOST"] = trial.Relay.Address;
            return Task.CompletedTask;
        },
        Strike: trial => strike(trial.Relay!),
        Mend: async trial =>
        {
            trial.Relay?.Resume();
            await trial.UnlockedAsync();
        });
}
