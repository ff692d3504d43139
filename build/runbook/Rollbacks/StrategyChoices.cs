using Runback.Runbook.Databases;
using Runback.Runbook.Deployments;
using Runback.Runbook.Migrations;
using Runback.Runbook.Migrations.History;
using Runback.Runbook.Processes;
using Runback.Runbook.Rehearsals;
using Runback.Runbook.Restores;
using Runback.Runbook.Rollbacks.Gates;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>Which strategies remain for a database and a release, what each costs, and why the others don't.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="request">What was asked for.</param>
public sealed class StrategyChoices(Deployment deployment, RollbackRequest request)
{
    /// <summary>The choices.</summary>
    /// <param name="tag">The release to go back to.</param>
    /// <param name="history">How the database stands to it.</param>
    /// <param name="rehearsal">What the rehearsal measured; null when there was none.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<IReadOnlyList<StrategyChoice>> ListAsync(string tag, ReleaseHistory history, RehearsalResult? rehearsal, CancellationToken cancellation)
    {
        var pause = LastOutage();
        return [ForwardFix(tag), AppOnly(tag, history, rehearsal, pause), Downgrade(tag, history, rehearsal, pause), await RestoreAsync(tag, history, pause, cancellation)];
    }

    /// <summary>Since when the release runs that is left, UTC: when its first container was made, which no restart changes.</summary>
    public static DateTimeOffset? BadSince(Situation situation) =>
        situation.Services.Select(state => state.Container?.CreatedAt).OfType<DateTimeOffset>().Where(at => at > DateTimeOffset.UnixEpoch).Order().Select(at => (DateTimeOffset?)at).FirstOrDefault();

    /// <summary>What a downgrade loses in a line: what it was seen to destroy, and what the migrations had destroyed before and doesn't come back.</summary>
    public static string Losses(RehearsalResult rehearsal, PathAssessment? assessment)
    {
        var gone = assessment?.Revisions.Where(revision => revision.Downgrade is { Kind: DowngradeKind.Lossy } downgrade && downgrade.Detail.StartsWith("upgrade()", StringComparison.Ordinal))
            .Select(revision => $"gone already and not brought back: {revision.Script.Revision}: {revision.Downgrade.Detail}") ?? [];
        var all = rehearsal.Losses.Select(RehearsalText.Loss).Concat(gone).ToList();
        return all.Count == 0 ? "nothing" : string.Join("; ", all);
    }

    /// <summary>Whether a dump at some revisions can take the place of the database under a release: it has the release's migrations, none that would hurt it, and a version table that Alembic can go on from.</summary>
    public static bool Fits(IReadOnlyList<string> revisions, ReleaseHistory history)
    {
        if (history.Target is not { } target)
            return false;
        var newer = history.Newer?.Graph ?? target.Graph;
        if (VersionRows.Fault(revisions, newer, target.Graph) is not null)
            return false;
        var path = RevisionPath.Find(revisions, newer, target.Graph);
        return path.Kind == PathKind.Same
            || (path.Kind == PathKind.Ahead && HistoryReader.Assess(path, newer) is { Verdict: Verdict.Additive });
    }

    private StrategyChoice ForwardFix(string tag) => new(
        Strategy.ForwardFix, true, $"a migration that gives {tag} back what it needs; nothing is undone, the fix is deployed as any release is", null,
        Command("ForwardFix", tag)) { DowntimeSeconds = 0, Loss = "nothing" };

    private StrategyChoice AppOnly(string tag, ReleaseHistory history, RehearsalResult? rehearsal, double? pause)
    {
        var why = history.Assessment is not { } assessment ? history.Path?.Kind == PathKind.Same ? null : history.Problem ?? $"the database is {history.Path?.Kind}"
            : assessment.Verdict.Blocks() ? $"{assessment.Verdict}: {Reasons(assessment)}"
            : rehearsal?.Observed.Blocks() == true ? $"seen in the rehearsal: {string.Join("; ", rehearsal.ObservedReasons.Take(3).Select(reason => reason.Detail))}"
            : rehearsal is { KeptSchema.Passed: false } ? $"in the rehearsal {tag} didn't work on the schema as it is"
            : null;
        return new(Strategy.AppOnly, why is null, "the application goes back, the database stays", why, why is null ? Command("Rollback", tag, "--strategy", "AppOnly") : null)
        {
            DowntimeSeconds = pause,
            Loss = "nothing",
        };
    }

    private StrategyChoice Downgrade(string tag, ReleaseHistory history, RehearsalResult? rehearsal, double? pause)
    {
        var plan = DowngradePlanOf.History(history);
        var why = plan.Arguments.Count == 0 ? plan.Problem
            : rehearsal is { Downgrade: { Succeeded: false } failed } ? $"it failed in the rehearsal: {failed.Failure}"
            : rehearsal is { DowngradedSchema: { Passed: false } } ? $"in the rehearsal {tag} didn't work on the downgraded schema"
            : null;
        return new(Strategy.Downgrade, why is null, $"emergency: alembic downgrade {string.Join(", ", plan.Arguments)} with the application stopped, then the application goes back", why,
            why is null ? Emergency(tag, Strategy.Downgrade, rehearsal is not { Losses.Count: 0 } || EmergencyGate.Loss(Course.Downgrade, history.Assessment) is not null) : null)
        {
            DowntimeSeconds = rehearsal?.Downgrade is { } downgrade ? Math.Round(downgrade.Seconds + (pause ?? 0), 1) : null,
            Loss = rehearsal is null ? null : Losses(rehearsal, history.Assessment),
        };
    }

    private async Task<StrategyChoice> RestoreAsync(string tag, ReleaseHistory history, double? pause, CancellationToken cancellation)
    {
        const string Meaning = "catastrophe: a backup takes the database's place, which is kept under another name; then the application goes back";
        try
        {
            var point = RestoreStep.Choose(request, deployment, history).Backup;
            var server = await PostgresServer.OfAsync(deployment, Shell.Quiet, cancellation);
            var loss = point.Facts is { } facts ? RowsSinceText.Line(await RowsSince.EstimateAsync(server, facts, cancellation)) : null;
            return new(Strategy.Restore, true, $"{Meaning} ({Path.GetFileName(point.File)}, taken {point.At:yyyy-MM-dd HH:mm} UTC)", null, Emergency(tag, Strategy.Restore, true, point.File))
            {
                DowntimeSeconds = pause,
                Loss = loss,
            };
        }
        catch (RunbookException exception)
        {
            return new(Strategy.Restore, false, Meaning, exception.Message, null);
        }
    }

    // What clients noticed of the last rollback on this deployment.
    private double? LastOutage()
    {
        var runs = Path.Combine(deployment.StatePath, "runs");
        return !Directory.Exists(runs) ? null
            : Directory.EnumerateDirectories(runs).OrderDescending(StringComparer.Ordinal).Take(50)
                .Select(folder => RunResult.Read(Path.Combine(folder, "result.json")))
                .FirstOrDefault(result => result is { Outcome: Outcome.Done, Outage: { Seconds: > 0 } })?.Outage!.Seconds;
    }

    /// <summary>The first reasons of a verdict in a line.</summary>
    internal static string Reasons(PathAssessment assessment) =>
        string.Join("; ", assessment.Reasons.Take(3).Select(reason => $"{reason.Rule} {reason.Subject}")) + (assessment.Reasons.Count > 3 ? $"; and {assessment.Reasons.Count - 3} more" : "");

    // The point is named: what the command restores is what the page tells of, whatever is put into the folder until then.
    private string Emergency(string tag, Strategy strategy, bool loses, string? point = null) => Command("Rollback", tag,
    [
        "--strategy", strategy.ToString(), "--incident", request.Incident ?? "INCIDENT", "--approved-by", request.ApprovedBy ?? "NAME", "--accept-downtime",
        .. loses ? (string[])["--accept-data-loss"] : [],
        .. point is null ? (string[])[] : ["--point", point],
    ]);

    private string Command(string target, string tag, params IEnumerable<string> options) =>
        string.Join(' ', [request.Call, target, "--tag", Processes.Command.Quote(tag), .. options.Select(Processes.Command.Quote)]);
}
