using Runback.Runbook.Migrations;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>
/// What the runbook wants before a database is downgraded or restored: the incident on record, another person's approval, and the downtime and the
/// loss of data accepted. Whatever is missing is named at once.
/// </summary>
public sealed class EmergencyGate : IGate
{
    /// <inheritdoc/>
    public string Name => "emergency";

    /// <inheritdoc/>
    public bool Concerns(Course course) => course.IsEmergency();

    /// <inheritdoc/>
    public Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation) =>
        Task.FromResult(Judge(context.Request, context.Course, context.History.Assessment));

    /// <summary>Judges what was given.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="course">What the run would do.</param>
    /// <param name="assessment">What the migrations are, where they could be read.</param>
    internal GateResult Judge(RollbackRequest request, Course course, PathAssessment? assessment)
    {
        var missing = new List<string>();
        if (string.IsNullOrWhiteSpace(request.Incident))
            missing.Add("--incident (where it is on record)");
        if (string.IsNullOrWhiteSpace(request.ApprovedBy))
            missing.Add($"--approved-by (another person than {request.Operator}, who runs this)");
        else if (Operator.IsSame(request.ApprovedBy, request.Operator))
            missing.Add($"--approved-by another person: {request.ApprovedBy} runs this");
        if (!request.AcceptDowntime)
            missing.Add("--accept-downtime (the application is stopped meanwhile)");
        if (!request.AcceptDataLoss && Loss(course, assessment) is { } loss)
            missing.Add($"--accept-data-loss ({loss})");
        return missing.Count == 0
            ? new GateResult(Name, true, $"{course} approved by {request.ApprovedBy} for {request.Operator}, incident {request.Incident}")
            : new GateResult(Name, false, $"expected what {course} wants, found missing: {string.Join("; ", missing)}",
                "without --strategy the choices are rehearsed and shown with their downtime and loss; a forward-fix needs none of this");
    }

    /// <summary>
    /// What is lost as far as the migrations tell; null for nothing. It is a lower bound: the rehearsal counts, and asks again where it finds a loss that
    /// was not expected.
    /// </summary>
    internal static string? Loss(Course course, PathAssessment? assessment) => course switch
    {
        Course.Restore => "what was written after the backup stays only in the database that is put aside",
        _ when assessment?.Revisions.FirstOrDefault(revision => revision.Downgrade.Kind == DowngradeKind.Lossy) is { } lossy =>
            $"{lossy.Script.Revision}: {lossy.Downgrade.Detail}, {lossy.Downgrade.At}",
        _ => null,
    };
}
