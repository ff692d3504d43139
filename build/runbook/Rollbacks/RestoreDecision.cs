using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>What is left to do of a restore.</summary>
public enum RestoreNeed
{
    /// <summary>All of it.</summary>
    Restore,

    /// <summary>The backup is in the database's place; the cutover and what follows it remain.</summary>
    GoOn,

    /// <summary>Nothing: the backup is in the database's place and the release runs.</summary>
    Nothing,

    /// <summary>A run was ended halfway through another restore, which comes first.</summary>
    FinishFirst,
}

/// <summary>
/// How much of a restore is done already: a second one to the same point would give up what was written since the first. Decided once, before anything
/// changes, from the database's own mark and the journals.
/// </summary>
/// <param name="Need">What is left to do.</param>
/// <param name="Placed">The backup in the database's place; null where there is none.</param>
/// <param name="Left">The run that left the rest undone; null for none.</param>
public sealed record RestoreDecision(RestoreNeed Need, PlacedBackup? Placed = null, RunRecord? Left = null)
{
    private static readonly RestoreDecision Anew = new(RestoreNeed.Restore);

    /// <summary>Decides.</summary>
    /// <param name="context">The run's context, after it has begun.</param>
    /// <param name="tag">The release to go back to.</param>
    /// <param name="digest">Its digest, or null.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="RunbookException">The server can't be asked: whether rows would be given up isn't known.</exception>
    public static async Task<RestoreDecision> DecideAsync(RollbackContext context, string tag, string? digest, CancellationToken cancellation)
    {
        var history = RunHistory.List(context.Deployment.StatePath).Where(run => run.Id != context.Run.Id).ToList();
        PlacedBackup? placed;
        try
        {
            placed = await PlacedBackup.FindAsync(await PostgresServer.OfAsync(context.Deployment, context.Run.Shell, cancellation), history, cancellation);
        }
        catch (PostgresException silent)
        {
            throw RunbookException.Refused(
                $"expected to see whether {context.Deployment.Database} was restored already, found: {silent.Message}", silent.Hint ?? "see that the database's server answers: a restore needs it");
        }
        return placed is null ? Anew : Decide(
            placed, placed.Release == tag && RestorePoint.Means(context.Request.Point, context.Deployment.BackupPath, placed),
            context.Situation!, context.Situation!.Runs(tag, digest), history, context.Origin?.TakesUp ?? []);
    }

    /// <summary>Decides, from what is known.</summary>
    /// <param name="placed">The backup in the database's place.</param>
    /// <param name="isTheSame">Whether it is what is asked for, for the release that is asked for.</param>
    /// <param name="now">What was observed.</param>
    /// <param name="runsTarget">Whether the release runs and is pinned.</param>
    /// <param name="history">The earlier runs, newest first.</param>
    /// <param name="takesUp">The runs that were ended halfway and that this one takes up.</param>
    internal static RestoreDecision Decide(
        PlacedBackup placed, bool isTheSame, Situation now, bool runsTarget, IReadOnlyList<RunRecord> history, IReadOnlyList<string> takesUp)
    {
        var isTakenUp = takesUp.Contains(placed.Run, StringComparer.Ordinal);
        if (!isTheSame)
            return isTakenUp ? new RestoreDecision(RestoreNeed.FinishFirst, placed) : Anew;
        // A rollback to whatever release since then began another story; a switch that was turned, or a look at it, didn't.
        var last = history.FirstOrDefault(run => run is { Beside: false, Changed: true, Course: not null });
        if (last is not null && last.Id != placed.Run && !ReturnPoint.TakenUpBy(last).Contains(placed.Run, StringComparer.Ordinal))
            return Anew;
        var left = last is null or { Outcome: nameof(Outcome.Done) } ? null : last;
        if (runsTarget)
            return new RestoreDecision(RestoreNeed.Nothing, placed, left);
        return left is not null && !IsMigratedSince(placed, now) && (isTakenUp || IsAsLeft(left, now)) ? new RestoreDecision(RestoreNeed.GoOn, placed, left) : Anew;
    }

    private static bool IsMigratedSince(PlacedBackup placed, Situation now) =>
        placed.Revisions is { } then && now.Revisions is { } found && !then.ToHashSet(StringComparer.Ordinal).SetEquals(found);

    // Containers that are younger than the run's end were deployed by somebody else, and may have written anything.
    private static bool IsAsLeft(RunRecord left, Situation now) =>
        ReturnPoint.From(left) is { } origin && origin.ExplainsWhatRuns(now)
        && now.Services.All(state => state.Container is not { } container || left.EndedAt is not { } end || container.CreatedAt <= end);
}
