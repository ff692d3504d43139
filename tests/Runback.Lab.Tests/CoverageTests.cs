using Runback.Lab.Tests.Faults;
using Runback.Lab.Tests.Rollbacks;
using Runback.Runbook.Rollbacks.Gates;
using System.Reflection;

namespace Runback.Lab.Tests;

/// <summary>The default tier leaves no kind of fault, no change and no gate untried: whoever adds one adds the row that strikes it.</summary>
[Tier(Tier.Quick)]
public sealed class CoverageTests
{
    private static IReadOnlyList<FaultRow> Guarding => [.. FaultMatrix.Rows.Where(row => row.Tier == Tier.Default)];

    // Met in the thorough tier alone: on two cores the default one has no time for them yet. Whoever makes room takes them off.
    private static readonly FaultKind[] OnDemand =
    [
        FaultKind.HungUp, FaultKind.Unread, FaultKind.OtherRun, FaultKind.DeafChannels, FaultKind.ClockWrong, FaultKind.EngineSilentForGood, FaultKind.EngineBreaksConnections, FaultKind.EngineDiskFull,
        FaultKind.RegistryDown, FaultKind.RegistrySilent, FaultKind.RegistryLies, FaultKind.TagMoved,
        FaultKind.DatabaseRestarted, FaultKind.DatabaseFull, FaultKind.DatabaseReadOnly, FaultKind.DatabaseSlow, FaultKind.DatabaseGone, FaultKind.RevisionMoved, FaultKind.TableLocked,
        FaultKind.BackupDiskFull, FaultKind.DumpSpoilt, FaultKind.WorkersEnd, FaultKind.PortTaken,
        FaultKind.EnvFileFixed, FaultKind.EnvFileEdited, FaultKind.EnvFileOdd, FaultKind.RunFolderFull, FaultKind.RunFolderGone, FaultKind.RunFolderRefused, FaultKind.LedgerRefused,
    ];

    private static readonly Scene[] StruckOnDemand = [Scene.Downgrade, Scene.Restore];

    [Fact]
    public void Each_kind_of_fault_is_met_here_or_is_named_as_met_on_demand()
    {
        Assert.Equal(OnDemand.Order(), Enum.GetValues<FaultKind>().Except(Guarding.Select(row => row.Fault.Kind)).Order());
        Assert.Empty(OnDemand.Except(FaultMatrix.Rows.Select(row => row.Fault.Kind)));
    }

    [Fact]
    public void At_each_change_of_each_strategy_the_program_is_killed() =>
        Assert.Empty(
            from scene in Scene.Strategies
            from change in scene.Changes
            let rows = StruckOnDemand.Contains(scene) ? FaultMatrix.Rows : Guarding
            where !rows.Any(row => row.Scene == scene && row.Fault.Kind == FaultKind.Killed && row.Again.Prepend(row.When).Any(moment => moment.Part == change))
            select $"{change} of {scene}");

    // Those rows hold the list of changes against the journal.
    [Fact]
    public void Each_strategy_is_seen_to_make_the_changes_that_it_is_struck_at() =>
        Assert.Equal(
            Scene.Strategies,
            Scene.Strategies.Where(scene => (StruckOnDemand.Contains(scene) ? FaultMatrix.Rows : Guarding).Any(row => row.Scene == scene && row.When == Moment.Start && row.Fault.Kind == FaultKind.None && row.Also is not null)));

    [Fact]
    public void Each_gate_refuses() =>
        Assert.Equal(
            RollbackGates.All.Select(gate => gate.Name).Order(StringComparer.Ordinal),
            typeof(CoverageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
                .Where(method => (method.GetCustomAttribute<TierAttribute>() ?? method.DeclaringType!.GetCustomAttribute<TierAttribute>())?.Tier == Tier.Default)
                .Select(method => method.GetCustomAttribute<RefusesAttribute>()?.Gate).OfType<string>().Distinct().Order(StringComparer.Ordinal));
}
