using Runback.Runbook.Backups;
using Runback.Runbook.Incidents;
using Runback.Runbook.Incidents.FollowUps;
using Runback.Runbook.Incidents.GitHub;
using Runback.Runbook.Migrations;
using Runback.Runbook.Restores;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>The incident around a run: people are told, the checklist is answered, the follow-up is kept. Nothing of it ever fails the run (trap 22).</summary>
/// <param name="context">The run's context.</param>
/// <param name="announcer">Tells people.</param>
/// <param name="followUp">Keeps the ticket for the forward-fix.</param>
/// <param name="incidentServer">Where incidents are, so that one can be linked.</param>
public sealed class IncidentDesk(RollbackContext context, Announcer announcer, FollowUpTicket followUp, AnnouncerOptions incidentServer)
{
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    private string Name => context.Situation?.Project.Name ?? Path.GetFileName(context.Deployment.Directory);

    /// <summary>Tells that the first change is about to be made; the work doesn't wait for it.</summary>
    public void Start()
    {
        if (context.Origin is { Run.Length: > 0 } taken)
            announcer.TakeUp(taken.Run);
        _ = announcer.SayAsync(Announcement.Of(context.Run.Result, Moment.Start, Name), CancellationToken.None);
    }

    /// <summary>Tells how a run ended that changed something or stopped for a person, makes its follow-up, and answers the checklist. It never throws.</summary>
    public async Task EndAsync()
    {
        try
        {
            await TellAsync();
        }
        catch (Exception exception)
        {
            context.Run.Narration.Warn($"not everybody could be told, or the checklist not be answered: {exception.Message}", "tell the team by hand");
        }
    }

    private async Task TellAsync()
    {
        using var patience = new CancellationTokenSource(_limit);
        var result = context.Run.Result;
        if (context.Changed || result.Choices is not null)
            await announcer.SayAsync(Announcement.Of(result, Moments.Of(result.Outcome), Name) with { DataLost = DataLost }, patience.Token);
        if (!context.Run.DryRun && result.Outcome == Outcome.Done && (context.Course == Course.ForwardFix || (result.Exchanged && context.Target is not null && result.From?.Tag != result.To?.Tag)))
            result.FollowUp = await followUp.EnsureAsync(FollowUpFacts.Of(result, Name) with { Verdict = Assessment?.Verdict.ToString(), Reasons = Reasons, DataLoss = DataLost }, patience.Token);
        if (result.FollowUp is { } ticket)
            context.Say($"follow-up for the forward-fix: {ticket.Detail}{(ticket.Url is null ? "" : $" {ticket.Url}")}{(ticket.Hint is null ? "" : $" ({ticket.Hint})")}");
        result.Announcements = announcer.Results;
        if (context.Target is not null)
            result.Checklist = Checklist.Of(Facts());
    }

    /// <summary>What is known for the checklist.</summary>
    public ChecklistFacts Facts()
    {
        var (result, situation) = (context.Run.Result, context.Situation);
        var backup = result.Backup;
        return new ChecklistFacts
        {
            Strategy = context.Target is null ? null : result.Strategy,
            Incident = result.Incident,
            IncidentUrl = GitHubServer.Parse(incidentServer.GitHubApiUrl, incidentServer.AllowInsecure).Issue(result.Incident, incidentServer.Repository)?.Url,
            BackupFile = backup?.File,
            BackupAt = backup is null ? null : BackupName.Parse(Path.GetFileName(backup.File))?.At,
            BackupBytes = backup?.Bytes,
            BackupFailure = Failure("Backup"),
            VerifiedLevel = context.Rehearsal is not null ? VerifyLevel.Restore : Enum.TryParse<VerifyLevel>(backup?.Level, out var level) ? level : null,
            RestorePoint = result.RestorePoint?.File,
            VerifyFailure = Failure("VerifyBackup"),
            Verdict = Assessment?.Verdict ?? (context.History?.Path is null ? null : Migrations.Verdict.Additive),
            VerdictReasons = Reasons,
            ReadinessFailures = situation is null || situation.Readiness.Problem is not null ? null : [.. situation.Readiness.Checks.Where(check => !check.Ok).Select(check => check.Name)],
            UnhealthyServices = [.. situation?.Services.Where(state => state.Container is not { IsRunning: true, Health: not "unhealthy" }).Select(state => state.Service) ?? []],
            Reason = result.Reason,
            Channels = announcer.Channels.Count,
            Announcements = announcer.Results,
        };
    }

    private PathAssessment? Assessment => context.History?.Assessment;

    private IReadOnlyList<string> Reasons => [.. Assessment?.Reasons.Take(20).Select(reason => $"{reason.Rule}: {reason.Subject}: {reason.Detail}") ?? []];

    private string? DataLost => context.Run.Result.RowsSince is { } since ? RowsSinceText.Line(since)
        : context.MovedTo is not null && context.Rehearsal is { } rehearsal ? StrategyChoices.Losses(rehearsal, Assessment)
        : context.DataLost ?? (context.Run.Result.Exchanged ? "nothing" : null);

    private string? Failure(string step) => context.Run.Result.Steps.FirstOrDefault(record => record.Name == step && record.Outcome == "Failed")?.Detail;
}
