using Runback.Runbook.Cutover;
using Runback.Runbook.Deployments;
using Runback.Runbook.Releases;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks;

/// <summary>Finds the release that was asked for, in the registry or on the host, and brings it onto the host.</summary>
/// <param name="context">The run's context.</param>
/// <param name="catalog">The releases of the deployment's image.</param>
/// <param name="ledger">What verified good before.</param>
public sealed class TargetFinder(RollbackContext context, ReleaseCatalog catalog, Ledger ledger)
{
    /// <summary>The tag and the digest that it stands for; no digest where neither registry nor host has one.</summary>
    /// <exception cref="RunbookException">There is no such release.</exception>
    public async Task<(Tag Tag, string? Digest)> FindAsync(TagRequest request, Situation situation, CancellationToken cancellation) =>
        request.Tag is { } named ? (named, await DigestAsync(named, situation, cancellation)) : await PreviousAsync(situation, cancellation);

    // The registry decides which digest the tag is now. Where it can't be asked, has lost it or never had it, the image that the host has under that tag is the release.
    private async Task<string?> DigestAsync(Tag tag, Situation situation, CancellationToken cancellation)
    {
        try
        {
            return (await catalog.RequireAsync(tag, cancellation, [.. new[] { situation.RunningTag }.OfType<string>()])).Value;
        }
        catch (RunbookException exception) when (exception is RegistryException or { Outcome: Outcome.Refused })
        {
            if (await context.Engine.ImageAsync(context.Deployment.Reference(tag.Value), cancellation) is { } local)
            {
                context.Run.Narration.Warn(exception.Message, $"going on with the image {tag} that this host has");
                return local.DigestIn(context.Deployment.Image);
            }
            throw exception is RegistryException { SaysNothing: true }
                ? RunbookException.Refused($"{exception.Message}; and this host has no image {context.Deployment.Reference(tag.Value)}", exception.Hint ?? "see that the registry answers")
                : exception;
        }
    }

    // The bytes that verified good are meant, whatever the tag stands for by now (trap 12).
    private async Task<(Tag Tag, string? Digest)> PreviousAsync(Situation situation, CancellationToken cancellation)
    {
        var verified = ledger.Read().RequirePrevious(situation.Running);
        var tag = Tag.Parse(verified.Tag);
        context.Say($"previous is {tag}, verified good {verified.At:yyyy-MM-dd HH:mm} UTC");
        if (verified.Digests.Values.FirstOrDefault() is not { } value || !Digest.TryParse(value, out var digest))
            return (tag, await DigestAsync(tag, situation, cancellation));
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

    /// <summary>Brings a release onto the engine's host, unless it is there.</summary>
    public async Task<TargetRelease> FetchAsync(Tag tag, string? digest, CancellationToken cancellation)
    {
        var reference = digest is null ? context.Deployment.Reference(tag.Value) : $"{context.Deployment.Image}@{digest}";
        var prepared = await context.Engine.ImageAsync(reference, cancellation) is { } image
            ? new PreparedRelease(tag.Value, digest, image)
            : await new Preparation(context.Deployment, context.Engine, context.Run).FetchAsync(tag.Value, digest, cancellation);
        return new TargetRelease(tag.Value, digest, prepared);
    }
}
