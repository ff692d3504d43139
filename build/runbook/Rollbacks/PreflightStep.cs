using Runback.Runbook.Cutover;
using Runback.Runbook.Deployments;
using Runback.Runbook.Releases;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Rollbacks.Gates;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>Everything before the first change: the release is found, brought onto the host, and every gate judges.</summary>
/// <param name="context">The run's context.</param>
/// <param name="catalog">The releases of the deployment's image.</param>
/// <param name="ledger">What verified good before.</param>
public sealed class PreflightStep(RollbackContext context, ReleaseCatalog catalog, Ledger ledger)
{
    /// <summary>Observes, finds the release, and lets the gates judge.</summary>
    /// <exception cref="RunbookException">A gate refuses; all that refuse are named at once.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var request = TagRequest.Parse(context.Request.Tag, catalog.Image);
        context.Confirmation.ThrowUnlessAnswerable();
        var situation = await context.BeginAsync(cancellation);
        Show(situation);
        var (tag, digest) = request.Tag is { } named
            ? (named, await DigestAsync(named, cancellation))
            : await PreviousAsync(situation, cancellation);
        context.Target = new TargetRelease(tag.Value, digest, null);
        context.Run.Result.To = new ReleaseRecord(tag.Value, new Dictionary<string, string>());
        if (situation.Runs(tag.Value, digest))
        {
            context.IsNeeded = false;
            context.Say($"{tag} already runs and is pinned: it is verified, and nothing is changed");
            return;
        }
        context.Target = await FetchAsync(tag, digest, cancellation);
        context.Run.Result.To = new ReleaseRecord(tag.Value, context.Deployment.Services.ToDictionary(
            service => service, _ => context.Target.Digest ?? context.Target.Prepared?.Image.Id ?? "unknown", StringComparer.Ordinal));
        context.Run.Result.Strategy = Strategy.AppOnly.ToString();
        await JudgeAsync(situation, cancellation);
        await context.Confirmation.AskAsync(
            $"{situation.Project.Name} will be rolled back from {situation.RunningTag ?? "nothing"} to {tag}: backup, cutover of {string.Join(" and ", context.Deployment.Services)}, verification. The database stays at {Revisions(situation)}.",
            cancellation);
        context.Run.Journal.Write("target", ("tag", tag.Value), ("digest", digest), ("pin", context.Target.PinValue), ("image", context.Target.Prepared?.Image.Id));
    }

    private void Show(Situation situation)
    {
        context.Say($"{situation.Project.Name} runs {situation.RunningTag ?? "nothing"}, pinned {situation.Pin ?? "nowhere"}, database at {Revisions(situation)}");
        foreach (var state in situation.Services)
            context.Say($"  {state.Service}: {state.Tag ?? "no container"}, {state.Container?.Condition ?? "missing"}");
        context.Say($"  health: {situation.Health.Found}; readiness: {situation.Readiness.Found}");
    }

    private static string Revisions(Situation situation) => situation.Revisions is { } revisions ? string.Join(", ", revisions) : "an unknown revision";

    // The registry decides which digest the tag is now. Where it can't be asked, the image that the host has under that tag is the release.
    private async Task<string?> DigestAsync(Tag tag, CancellationToken cancellation)
    {
        try
        {
            return (await catalog.RequireAsync(tag, cancellation)).Value;
        }
        catch (RegistryException exception) when (exception.SaysNothing)
        {
            if (await context.Engine.ImageAsync(context.Deployment.Reference(tag.Value), cancellation) is not { } local)
            {
                throw RunbookException.Refused(
                    $"{exception.Message}; and this host has no image {context.Deployment.Reference(tag.Value)}", exception.Hint ?? "see that the registry answers");
            }
            context.Run.Narration.Warn(exception.Message, $"going on with the image {tag} that this host has");
            return local.DigestIn(context.Deployment.Image);
        }
    }

    // The bytes that verified good are meant, whatever the tag stands for by now (trap 12).
    private async Task<(Tag Tag, string? Digest)> PreviousAsync(Situation situation, CancellationToken cancellation)
    {
        var verified = ledger.Read().RequirePrevious(new RunningRelease(situation.RunningTag, situation.Digests));
        var tag = Tag.Parse(verified.Tag);
        context.Say($"previous is {tag}, verified good {verified.At:yyyy-MM-dd HH:mm} UTC");
        if (verified.Digests.Values.FirstOrDefault() is not { } value || !Digest.TryParse(value, out var digest))
            return (tag, await DigestAsync(tag, cancellation));
        var registry = await catalog.CheckAsync(tag, digest, cancellation);
        if (registry.Detail is { } detail)
            context.Run.Narration.Warn(detail, $"the release that verified good is meant: {context.Deployment.Image}@{digest.Abbreviated}");
        if (!registry.CanBePulled && await context.Engine.ImageAsync($"{context.Deployment.Image}@{digest}", cancellation) is null)
        {
            throw RunbookException.Refused(
                $"expected the release {tag} that verified good ({digest}) in the registry or on this host, found neither: {registry.Detail}",
                "name another release: ./build.sh Releases lists them");
        }
        return (tag, digest.Value);
    }

    private async Task<TargetRelease> FetchAsync(Tag tag, string? digest, CancellationToken cancellation)
    {
        var reference = digest is null ? context.Deployment.Reference(tag.Value) : $"{context.Deployment.Image}@{digest}";
        var prepared = await context.Engine.ImageAsync(reference, cancellation) is { } image
            ? new PreparedRelease(tag.Value, digest, image)
            : await new Preparation(context.Deployment, context.Engine, context.Run).FetchAsync(tag.Value, digest, cancellation);
        return new TargetRelease(tag.Value, digest, prepared);
    }

    private async Task JudgeAsync(Situation situation, CancellationToken cancellation)
    {
        var history = await new HistoryReader(context.Deployment, context.Engine).ReadAsync(
            situation, context.Origin, ledger.Read(), context.Target!.Prepared?.Image.Id, cancellation);
        context.TargetHeads = history.TargetHeads;
        var judge = new GateContext(context.Deployment, context.Request, situation, context.Target, history, context.Run.Shell);
        var results = await RollbackGates.JudgeAsync(judge, cancellation);
        foreach (var result in results)
        {
            context.Run.Journal.Note("gate", ("gate", result.Gate), ("passed", result.Passed), ("found", result.Found));
            context.Say($"  {(result.Passed ? "ok     " : "REFUSED")} {result.Gate}: {result.Found}");
        }
        var refused = results.Where(result => !result.Passed).ToList();
        if (refused.Count > 0)
        {
            throw RunbookException.Refused(
                string.Join("; ", refused.Select(result => $"{result.Gate}: {result.Found}")),
                string.Join("; ", refused.Select(result => result.Hint).OfType<string>().Distinct()));
        }
    }
}
