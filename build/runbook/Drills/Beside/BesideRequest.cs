using Runback.Runbook.Rollbacks;

namespace Runback.Runbook.Drills.Beside;

/// <summary>What a drill beside a deployment is to show.</summary>
public sealed record BesideRequest
{
    /// <summary>How the rollback is done; its tag is <c>previous</c> where none was named, its backup file the one that the copy begins with.</summary>
    public required RollbackRequest Rollback { get; init; }

    /// <summary>What must not be exceeded.</summary>
    public DrillObjectives Objectives { get; init; } = DrillObjectives.None;

    /// <summary>Tells whoever wants to know of a drill that failed, before the run's report is written; null for nobody.</summary>
    public Func<string, CancellationToken, Task>? WhenFailed { get; init; }

    /// <summary>Requests of the traffic in a second: each may cost a <c>docker exec</c> on production's host.</summary>
    public double PerSecond { get; init; } = 5;

    /// <summary>How long there is traffic before the rollback, and after it.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the copy's database may take until it answers.</summary>
    public TimeSpan DatabaseLimit { get; init; } = TimeSpan.FromSeconds(120);
}
