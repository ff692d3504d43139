using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Cutover;

/// <summary>Gets everything ready that the cutover needs, while the old release still serves.</summary>
/// <param name="deployment">The deployment.</param>
/// <param name="engine">The engine it runs on.</param>
/// <param name="run">The run that does it.</param>
public sealed class Preparation(Deployment deployment, EngineApi engine, Run run)
{
    /// <summary>Brings the release's image onto the host: for the app services only (trap 11), by digest where the registry gave one.</summary>
    /// <param name="tag">The release.</param>
    /// <param name="digest">Its digest in the registry as observed before, or null when the registry couldn't say.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="RunbookException">The image can't be had.</exception>
    public async Task<PreparedRelease?> FetchAsync(string tag, string? digest, CancellationToken cancellation)
    {
        var reference = digest is null ? deployment.Reference(tag) : $"{deployment.Image}@{digest}";
        try
        {
            await run.Shell.ChangeInterruptiblyAsync(new Compose(deployment).Under(Pin.Value(tag, digest)).Pull(deployment.Services), cancellation);
        }
        catch (CommandFailedException failed)
        {
            if (await engine.ImageAsync(reference, cancellation) is null)
            {
                throw new RunbookException(
                    $"expected to pull {reference}, found: {failed.Result.Complaint}",
                    "see that the registry answers and still has the tag: ./build.sh Releases", Outcome.Refused, failed);
            }
            run.Narration.Warn($"could not pull {reference}: {failed.Result.Complaint}", "using the image that this host already has");
        }
        var image = await engine.ImageAsync(reference, cancellation);
        if (image is null)
        {
            return run.DryRun
                ? null
                : throw new RunbookException($"expected {reference} on the host after pulling it, found none", "see `docker images`", Outcome.Refused);
        }
        return new PreparedRelease(tag, digest ?? image.DigestIn(deployment.Image), image);
    }
}
