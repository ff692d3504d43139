using Runback.Lab.Tests.Faults;
using Runback.Lab.Tests.Rollbacks;
using Runback.Runbook.Rollbacks.Gates;
using System.Reflection;

namespace Runback.Lab.Tests;

/// <summary>The default tier leaves no kind of fault, no change and no gate untried: whoever adds one adds the row that strikes it.</summary>
[Tier(Tier.Quick)]
public sealed class CoverageTests
{
    private static IReadOnlyList<FaultRow> Guarding => Legs(FaultMatrix.Rows.Where(row => row.Tier == Tier.Default));

    // Two of the three strategies are struck at their decisive change here, and at each of the others in the thorough tier alone: a run of theirs rehearses first.
    private static readonly Scene[] StruckOnDemand = [Scene.Downgrade, Scene.Restore];

    [Fact]
    public void Each_kind_of_fault_is_met() =>
        Assert.Empty(Enum.GetValues<FaultKind>().Except(Guarding.SelectMany(row => row.Faults).Select(each => each.Fault.Kind).Append(FaultKind.None)));

    [Fact]
    public void At_each_change_of_each_strategy_the_program_is_killed() =>
        Assert.Empty(
            from scene in Scene.Strategies
            from change in scene.Changes
            let rows = StruckOnDemand.Contains(scene) ? Legs(FaultMatrix.Rows) : Guarding
            where !rows.Any(row => row.Scene == scene && row.Fault.Kind == FaultKind.Killed && row.When.Part == change)
            select $"{change} of {scene}");

    [Fact]
    public void Each_strategy_is_killed_here_before_the_change_that_decides() =>
        Assert.Equal(Scene.Strategies, Scene.Strategies.Where(scene => Guarding.Any(row => row.Scene == scene && row.Fault.Kind == FaultKind.Killed)));

    // Those rows hold the list of changes against the journal.
    [Fact]
    public void Each_strategy_is_seen_to_make_the_changes_that_it_is_struck_at() =>
        Assert.Equal(
            Scene.Strategies,
            Scene.Strategies.Where(scene => FaultMatrix.Rows.Any(row => row.Scene == scene && row.When == Moment.Start && row.Fault.Kind == FaultKind.None && row.Also is not null)));

    [Fact]
    public void Each_gate_refuses() =>
        Assert.Equal(
            RollbackGates.All.Select(gate => gate.Name).Order(StringComparer.Ordinal),
            typeof(CoverageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
                .Where(method => (method.GetCustomAttribute<TierAttribute>() ?? method.DeclaringType!.GetCustomAttribute<TierAttribute>())?.Tier == Tier.Default)
                .Select(method => method.GetCustomAttribute<RefusesAttribute>()?.Gate).OfType<string>().Distinct().Order(StringComparer.Ordinal));

    private static IReadOnlyList<FaultRow> Legs(IEnumerable<FaultRow> rows) => [.. rows.SelectMany(row => row.Legs)];
}
