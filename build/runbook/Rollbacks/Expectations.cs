using Runback.Runbook.Deployments;
using Runback.Runbook.Releases;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Rollbacks;

/// <summary>What a run expects of the release that runs, for the verification.</summary>
/// <param name="context">The run's context.</param>
public sealed class Expectations(RollbackContext context)
{
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(15);

    private TimeSpan Limit => context.Request.HealthLimit < VerificationContext.LongestTry ? context.Request.HealthLimit : VerificationContext.LongestTry;

    /// <summary>What is expected.</summary>
    /// <param name="situation">What was observed before acting.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<VerificationContext> OfAsync(Situation situation, CancellationToken cancellation) => new(
        context.Deployment, situation.Project.Name, context.Engine, context.Probe, context.Observer.RevisionsAsync)
    {
        ImageId = context.Target?.Prepared?.Image.Id,
        Tag = context.Target?.Tag ?? situation.RunningTag,
        ExpectedRevisions = context.MovedTo ?? (context.CutoverBegun ? situation.Revisions : await MissedMigrationsAsync(situation, cancellation)),
        VersionFault = (rows, reading) =>
            new HistoryReader(context.Deployment, context.Engine).FaultAsync(rows, situation, context.Origin, Ledger.Of(context.Deployment).Read(), reading),
        TargetHeads = context.TargetHeads,
        SmokeRequests = context.Request.SmokeRequests,
        Metrics = context.Request.Metrics,
        ErrorsBefore = context.Before?.Errors,
        Logs = context.Request.Logs,
        LogsBefore = context.Before?.Logs,
        LogsCompared = changes => context.Run.Result.LogChanges = changes,
        Secrets = context.Run.Secrets,
        ExchangedAt = context.ExchangedAt,
        SettleTime = context.Request.SettleTime,
        Limit = context.Request.VerifyLimit is { } given && given < Limit ? given : Limit,
        Deadline = context.Request.VerifyLimit ?? (Limit + context.Request.SettleTime + Reserve),
    };

    // The heads of what runs, where the database knows only earlier ones: somebody forgot to migrate, and that isn't a kept schema.
    private async Task<IReadOnlyList<string>?> MissedMigrationsAsync(Situation situation, CancellationToken cancellation)
    {
        if (situation.Revisions is not { Count: > 0 } rows || situation.Services[0].Image is not { } image)
            return null;
        try
        {
            var graph = await new HistoryReader(context.Deployment, context.Engine).GraphAsync(image.Id, cancellation);
            return rows.All(row => graph.Contains(row)) ? graph.Heads : null;
        }
        catch (RunbookException exception)
        {
            context.Run.Narration.Warn($"the migrations of {situation.RunningTag} can't be read: {exception.Message}", exception.Hint);
            return null;
        }
    }
}
