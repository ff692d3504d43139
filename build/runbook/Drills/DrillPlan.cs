namespace Runback.Runbook.Drills;

/// <summary>What a drill rehearses, and how a release gets onto the stack that it is held on.</summary>
public sealed record DrillPlan
{
    /// <summary>The release to roll back to.</summary>
    public required string Good { get; init; }

    /// <summary>The release to roll back from.</summary>
    public required string Bad { get; init; }

    /// <summary>Brings a release onto the stack, migrations included, and waits until it lives; the good one is asked for first, and onto a clean stack.</summary>
    public required Func<string, CancellationToken, Task> Deploy { get; init; }

    /// <summary>What the traffic asks. Its keys must belong to this drill alone.</summary>
    public required Workload Workload { get; init; }

    /// <summary>How much traffic there is.</summary>
    public TrafficOptions Traffic { get; init; } = new();

    /// <summary>How long there is traffic before the rollback begins: the bad release is seen to be bad.</summary>
    public TimeSpan LeadIn { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long there is traffic after the rollback has ended: what runs is seen to stay good.</summary>
    public TimeSpan LeadOut { get; init; } = TimeSpan.FromSeconds(3);
}
