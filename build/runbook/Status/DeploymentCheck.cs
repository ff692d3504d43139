using Runback.Runbook.Cutover;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Releases;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Rollbacks.Gates;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Status;

/// <summary>
/// Tells what a rollback would refuse today: every gate judges, as it does at the beginning of one, for the release that was named, else for the one that
/// <c>previous</c> means, else for what runs. It changes nothing and takes no lock.
/// </summary>
/// <param name="deployment">The deployment.</param>
/// <param name="request">What a rollback would be asked for.</param>
/// <param name="catalog">The releases of its image.</param>
/// <param name="shell">Runs the reading commands.</param>
public sealed class DeploymentCheck(Deployment deployment, RollbackRequest request, ReleaseCatalog catalog, Shell shell)
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(5);

    /// <summary>Looks.</summary>
    /// <exception cref="RunbookException">What was asked for can't be used (outcome Usage).</exception>
    public async Task<CheckReport> RunAsync(CancellationToken cancellation)
    {
        var named = request.Tag is null or TagRequest.PreviousWord ? null : TagRequest.Parse(request.Tag, catalog.Image).Tag;
        using var engine = new EngineApi();
        using var probe = new HttpProbe();
        Situation situation;
        try
        {
            situation = await new Observer(deployment, engine, probe, shell).ObserveAsync(cancellation);
        }
        catch (RunbookException exception) when (exception.Outcome != Outcome.Error || exception is not EngineException)
        {
            return new CheckReport(DateTimeOffset.UtcNow, "nothing could be observed", [new CheckFinding("deployment", Grade.WouldRefuse, exception.Message, exception.Hint)]);
        }
        var status = await new StatusReader(deployment, catalog).ReadAsync(situation, engine, cancellation);
        var (target, why, findings) = await TargetAsync(situation, status, named, engine, cancellation);
        if (target is not null)
            findings.AddRange(await GatesAsync(situation, target, engine, cancellation));
        findings.AddRange(CheckRules.Of(situation, status));
        findings.AddRange(CheckRules.OfHealthChecks(situation.Project, deployment));
        findings.AddRange(await SmokeAsync(probe, cancellation));
        return new CheckReport(situation.At, why, findings);
    }

    // What runs stands in for a release that nobody has named yet: all but the way between the two is judged.
    private async Task<(TargetRelease? Target, string Why, List<CheckFinding> Findings)> TargetAsync(
        Situation situation, DeploymentStatus status, Tag? named, EngineApi engine, CancellationToken cancellation)
    {
        if (named is { } tag)
        {
            var registry = await catalog.CheckAsync(tag, null, cancellation);
            var image = await engine.ImageAsync(deployment.Reference(tag.Value), cancellation);
            var digest = registry.Current?.Value ?? image?.DigestIn(deployment.Image);
            var finding = CheckRules.OfRelease(tag.Value, image is not null, registry.State.ToString(), registry.CanBePulled, registry.Detail);
            return (new TargetRelease(tag.Value, digest, image is null ? null : new PreparedRelease(tag.Value, digest, image)), $"for {tag}", [finding]);
        }
        if (status.RollbackTarget is { } previous)
        {
            var verified = Ledger.Of(deployment).Read().Previous(situation.Running);
            var digest = verified?.Digests.Values.FirstOrDefault(value => Digest.TryParse(value, out _));
            var image = await engine.ImageAsync(digest is null ? deployment.Reference(previous.Tag) : $"{deployment.Image}@{digest}", cancellation);
            var finding = CheckRules.OfRelease(previous.Tag, image is not null, previous.Registry, previous.Registry is nameof(Availability.Pullable) or nameof(Availability.Moved), previous.Detail);
            return (new TargetRelease(previous.Tag, digest, image is null ? null : new PreparedRelease(previous.Tag, digest, image)), $"for {previous.Tag}, which is what --tag previous means", [finding]);
        }
        var none = new CheckFinding("target", request.Tag is null ? Grade.Warning : Grade.WouldRefuse, "no release is known here to have verified good before what runs: `--tag previous` leads nowhere",
            "name one with --tag; once ./build.sh Verify has found what runs good, it is noted, and kept from pruning");
        var running = situation.Services.FirstOrDefault(state => state is { Image: not null, Tag: not null });
        return running is null
            ? (null, "without a release to judge for: nothing runs", [none, new CheckFinding("gates", Grade.WouldRefuse, "no app service has a container with a tag: the gates can't be tried", "start the application, or name a release with --tag")])
            : (new TargetRelease(running.Tag!, running.Digest, new PreparedRelease(running.Tag!, running.Digest, running.Image!)), $"for {running.Tag}, which runs, since no other is known", [none]);
    }

    private async Task<IEnumerable<CheckFinding>> GatesAsync(Situation situation, TargetRelease target, EngineApi engine, CancellationToken cancellation)
    {
        var history = await new HistoryReader(deployment, engine).ReadAsync(situation, null, Ledger.Of(deployment).Read(), target.Prepared?.Image.Id, cancellation);
        var course = Courses.Decide(request.Strategy, history);
        var results = await RollbackGates.JudgeAsync(new GateContext(deployment, request, situation, target, history, course, shell), cancellation);
        return results.Select(result => new CheckFinding(result.Gate, result.Passed ? Grade.Ok : Grade.WouldRefuse, result.Found, result.Hint));
    }

    private async Task<IEnumerable<CheckFinding>> SmokeAsync(HttpProbe probe, CancellationToken cancellation)
    {
        var findings = new List<CheckFinding>();
        foreach (var smoke in request.SmokeRequests)
        {
            var problem = smoke.Judge(await probe.SendAsync(smoke.Method, new Uri(deployment.BaseUrl, smoke.Path), OneAnswer, cancellation));
            findings.Add(problem is null ? new CheckFinding("smoke request", Grade.Ok, smoke.Text)
                : new CheckFinding("smoke request", Grade.Warning, $"{smoke.Text}: expected {smoke.Expected}, found {problem}", "what runs doesn't answer it now: a release that is rolled back to would be held against it too"));
        }
        return findings;
    }
}
