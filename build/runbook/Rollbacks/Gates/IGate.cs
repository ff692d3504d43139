using Runback.Runbook.Deployments;
using Runback.Runbook.Processes;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>What gates judge from.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="Situation">What was observed.</param>
/// <param name="Target">The release to go back to, on the engine's host.</param>
/// <param name="History">How the database stands to it.</param>
/// <param name="Course">What the run would do with the database.</param>
/// <param name="Shell">For reading commands.</param>
public sealed record GateContext(
    Deployment Deployment, RollbackRequest Request, Situation Situation, TargetRelease Target, ReleaseHistory History, Course Course, Shell Shell)
{
    /// <summary>What a restore leads to; null where nothing is restored.</summary>
    public RestoreChoice? Restore { get; init; }

    /// <summary>The way to the application; null where it isn't asked again.</summary>
    public HttpProbe? Probe { get; init; }
}

/// <summary>What a restore leads to, as it was decided before the gates: one of these.</summary>
/// <param name="Point">The backup that is restored.</param>
/// <param name="Placed">The backup that an earlier run has put in the database's place.</param>
/// <param name="Problem">Why there is none.</param>
public sealed record RestoreChoice(RestorePoint? Point, PlacedBackup? Placed, RunbookException? Problem);

/// <summary>What a gate found.</summary>
/// <param name="Gate">The gate's name.</param>
/// <param name="Passed">Whether it lets the run go on.</param>
/// <param name="Found">What was found, and what was expected when it doesn't pass.</param>
/// <param name="Hint">What to do, when it doesn't pass.</param>
public sealed record GateResult(string Gate, bool Passed, string Found, string? Hint = null);

/// <summary>A condition that must hold before anything changes.</summary>
public interface IGate
{
    /// <summary>The gate's name.</summary>
    string Name { get; }

    /// <summary>Whether it has a say in a course.</summary>
    bool Concerns(Course course) => true;

    /// <summary>Judges, reading only.</summary>
    Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation);
}

/// <summary>Every gate of a rollback. Adding one is adding a line here.</summary>
public static class RollbackGates
{
    /// <summary>The gates, in the order in which they are shown.</summary>
    public static IReadOnlyList<IGate> All { get; } =
    [
        new ComposeGate(),
        new TagVariableGate(),
        new DriftGate(),
        new HistoryGate(),
        new EmergencyGate(),
        new DowngradeGate(),
        new RestorePointGate(),
        new BackupFolderGate(),
        new OverlapGate(),
        new BaseUrlGate(),
    ];

    /// <summary>Lets all that concern the course judge, side by side.</summary>
    public static async Task<IReadOnlyList<GateResult>> JudgeAsync(GateContext context, CancellationToken cancellation) =>
        await Task.WhenAll(All.Where(gate => gate.Concerns(context.Course)).Select(gate => gate.JudgeAsync(context, cancellation)));
}
