using System.Collections.Concurrent;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Releases;

/// <summary>The releases that an image's registry has: all of them, one of them, and whether one can still be pulled.</summary>
public sealed class ReleaseCatalog : IDisposable
{
    // Each detailed release costs two or three requests; these many are read in a second or two.
    private const int DetailedReleases = 50;
    private const int MostFromHub = 1000;
    private readonly RegistryClient _registry;
    private readonly DockerHubClient? _hub;
    private readonly RegistryOptions _options;

    /// <summary>A catalog of the releases of an image.</summary>
    /// <param name="image">The image; its tag and digest don't count.</param>
    /// <param name="options">How its registry is talked to.</param>
    public ReleaseCatalog(ImageReference image, RegistryOptions options)
    {
        Image = image;
        _options = options;
        _registry = new RegistryClient(image, options);
        _hub = image.IsOnDockerHub ? new DockerHubClient(image, options) : null;
    }

    /// <summary>The image.</summary>
    public ImageReference Image { get; }

    /// <summary>
    /// All releases, newest first. Date and digest are read for the fifty that look newest by their tags (<see cref="TagOrder"/>) and for those named;
    /// Docker Hub tells them for the thousand pushed last.
    /// </summary>
    /// <param name="alsoDetailed">Tags whose date and digest are wanted in any case: the running release, the verified ones.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RegistryException">The list can't be had.</exception>
    public async Task<PublishedReleases> ListAsync(IEnumerable<string> alsoDetailed, CancellationToken cancellation)
    {
        if (_hub is not null)
        {
            try
            {
                var (newest, complete) = await _hub.NewestAsync(MostFromHub, cancellation);
                return new PublishedReleases(
                    Sorted(newest.Where(release => !TagOrder.IsReferrer(release.Tag.Value))),
                    complete ? null : $"the {MostFromHub} releases pushed last; Docker Hub has more");
            }
            catch (RegistryException exception) when (exception.Fault is RegistryFault.NotFound or RegistryFault.Unauthorized or RegistryFault.Forbidden)
            {
                // Its own API hides private repositories; the registry shows them to whoever may pull.
            }
        }
        var tags = (await _registry.TagsAsync(cancellation)).Where(tag => !TagOrder.IsReferrer(tag)).ToList();
        var wanted = TagOrder.NewestFirst(tags).Take(DetailedReleases).Union(alsoDetailed.Intersect(tags, StringComparer.Ordinal), StringComparer.Ordinal).ToList();
        var (detailed, problem) = await DetailAsync(wanted, cancellation);
        var releases = tags.Select(tag => detailed.GetValueOrDefault(tag) ?? new PublishedRelease(Tag.Parse(tag), null, null));
        var omitted = tags.Count - wanted.Count;
        return new PublishedReleases(
            Sorted(releases),
            problem is not null ? $"dates and digests are missing: {problem}" : omitted > 0 ? $"dates and digests of {omitted} older releases were not read" : null);
    }

    /// <summary>The gate of a rollback: the tag exists.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="running">Tags that nobody means who asks for another release: those that run.</param>
    /// <returns>The digest that the tag stands for now.</returns>
    /// <exception cref="RunbookException">The registry has no such tag (the nearest ones are named), or can't tell.</exception>
    public async Task<Digest> RequireAsync(Tag tag, CancellationToken cancellation, params IReadOnlyCollection<string> running)
    {
        if (await _registry.DigestAsync(tag, cancellation) is { } digest)
            return digest;
        var tags = await _registry.TagsAsync(cancellation);
        var nearest = NearestTags.To(tag.Value, [.. tags.Except(running, StringComparer.Ordinal)]);
        throw RunbookException.Refused(
            $"expected a release {tag} of {Image.Name}, found {(tags.Count == 0 ? "no release at all" : $"{tags.Count} releases without it")}",
            nearest.Count > 0
                ? $"did you mean {string.Join(" or ", nearest)}? The Releases target lists all"
                : "the Releases target lists what there is; a release that was pruned must be built and pushed again");
    }

    /// <summary>
    /// Whether a release can be pulled: its manifest, and every blob that the manifest for <see cref="RegistryOptions.Platform"/> names, are there (trap 19).
    /// A registry that can't be asked gives <see cref="Availability.Unknown"/>, not an exception.
    /// </summary>
    /// <param name="tag">The tag.</param>
    /// <param name="expected">The digest with which the release verified good, or null when it isn't known.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<ImageAvailability> CheckAsync(Tag tag, Digest? expected, CancellationToken cancellation)
    {
        try
        {
            var now = await _registry.DigestAsync(tag, cancellation);
            if ((expected ?? now) is not { } wanted)
                return new ImageAvailability(Availability.Gone, null, $"the registry has no {Image.Repository}:{tag} any more");
            if (await _registry.ManifestAsync(wanted, cancellation) is not { } manifest)
            {
                var instead = now is null ? "the tag is gone too" : $"the tag stands for {now.Abbreviated} now";
                return new ImageAvailability(Availability.Gone, now, $"the registry has no {Image.Repository}@{wanted.Abbreviated} any more; {instead}");
            }
            var image = await _registry.ForPlatformAsync(manifest, cancellation);
            var missing = await MissingAsync([image.Config!.Digest, .. image.Layers.Select(layer => layer.Digest)], cancellation);
            if (missing > 0)
                return new ImageAvailability(Availability.Incomplete, now, $"{missing} blobs of {Image.Repository}@{wanted.Abbreviated} are gone from the registry");
            if (now == wanted)
                return new ImageAvailability(Availability.Pullable, now, null);
            var found = now is null ? "is gone" : $"stands for {now.Abbreviated} now";
            return new ImageAvailability(Availability.Moved, now, $"the tag {tag} {found}; the verified image can be pulled as {Image.Name}@{wanted}");
        }
        catch (RegistryException exception)
        {
            return new ImageAvailability(exception.SaysNothing ? Availability.Unknown : Availability.Incomplete, null, $"{exception.Message} (hint: {exception.Hint})");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registry.Dispose();
        _hub?.Dispose();
    }

    private ParallelOptions Parallel(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = _options.Parallel, CancellationToken = cancellation };

    private async Task<int> MissingAsync(IEnumerable<Digest> blobs, CancellationToken cancellation)
    {
        var missing = 0;
        await System.Threading.Tasks.Parallel.ForEachAsync(blobs.Distinct(), Parallel(cancellation), async (blob, token) =>
        {
            if (!await _registry.HasBlobAsync(blob, token))
                Interlocked.Increment(ref missing);
        });
        return missing;
    }

    private async Task<(IReadOnlyDictionary<string, PublishedRelease> Releases, string? Problem)> DetailAsync(IEnumerable<string> tags, CancellationToken cancellation)
    {
        var detailed = new ConcurrentDictionary<string, PublishedRelease>(StringComparer.Ordinal);
        try
        {
            await System.Threading.Tasks.Parallel.ForEachAsync(tags, Parallel(cancellation), async (tag, token) => detailed[tag] = await DetailAsync(Tag.Parse(tag), token));
            return (detailed, null);
        }
        catch (RegistryException exception)
        {
            // The registry stopped answering: the names are still worth showing.
            return (detailed, exception.Message);
        }
    }

    private async Task<PublishedRelease> DetailAsync(Tag tag, CancellationToken cancellation)
    {
        Digest? digest = null;
        try
        {
            if (await _registry.ManifestAsync(tag, cancellation) is not { } manifest)
                return new PublishedRelease(tag, null, null) { Problem = "listed, but its manifest is gone" };
            digest = manifest.Digest;
            var config = await _registry.ConfigAsync(await _registry.ForPlatformAsync(manifest, cancellation), cancellation);
            return new PublishedRelease(tag, config.CreatedAt, digest) { Labels = config.Labels };
        }
        catch (RegistryException exception) when (exception.Fault is RegistryFault.NotFound or RegistryFault.BadAnswer)
        {
            return new PublishedRelease(tag, null, digest) { Problem = exception.Message };
        }
    }

    private static List<PublishedRelease> Sorted(IEnumerable<PublishedRelease> releases) =>
    [
        .. releases
            .OrderByDescending(release => release.PublishedAt ?? TagOrder.DateIn(release.Tag.Value)?.ToDateTime(default, DateTimeKind.Utc) ?? DateTimeOffset.MinValue)
            .ThenByDescending(release => release.Tag.Value, Comparer<string>.Create(TagOrder.CompareNaturally)),
    ];
}
