using Runback.Runbook.Rehearsals;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>
/// The ready path's payload says ready, or names as the only fault the migrations that were kept on purpose (trap 3).
/// </summary>
public sealed class ReadinessCheck : ICheck
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => "readiness";

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        if (context.Deployment.ReadyPath is not { } path)
            return null;
        var url = new Uri(context.Deployment.BaseUrl, path);
        var kept = context.ExpectedRevisions ?? await context.Revisions(cancellation);
        Readiness? readiness = null;
        await Patience.UntilAsync(context.Limit, async () =>
        {
            readiness = await Readiness.AskAsync(context.Probe, context.Deployment, context.Deployment.BaseUrl, context.OneAnswer(OneAnswer), cancellation);
            return TrialReadiness.IsReady(readiness, context.Deployment.Absent, kept, context.TargetHeads);
        }, cancellation);
        var passed = TrialReadiness.IsReady(readiness!, context.Deployment.Absent, kept, context.TargetHeads);
        var excused = TrialReadiness.Excused(readiness!, context.Deployment.Absent);
        var expectedUnready = passed && !readiness!.IsReady && readiness.Checks.Any(check => !check.Ok && !excused.Contains(check.Name, StringComparer.Ordinal));
        return new CheckRecord(
            Name, passed, $"{url} ready, or unready only for the kept migrations {string.Join(", ", kept)}",
            readiness!.Found + (excused.Count > 0 ? $" (excused: {string.Join(", ", excused)}, since workers don't run here)" : "") + (expectedUnready ? $" (expected: the schema stays at {readiness.CurrentVersion}, this release knows {string.Join(", ", readiness.ExpectedHeads)})" : ""),
            passed ? null : Hint(readiness));
    }

    private static string Hint(Readiness readiness) => readiness switch
    {
        { Probe.Status: 404 } => "another path answers readiness (--ready-path), or none does: --ready-path none",
        { IsByStatus: true } => "see the api's log; where its JSON tells why, name the places: --ready-ok, --ready-current, --ready-expected",
        { Problem: not null } => "is this the application? --ready-path names where it answers, `none` where nothing does",
        _ => "the payload names the failing check; see the api's log",
    };
}
