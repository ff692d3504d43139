using System.Net;

namespace Runback.Runbook.Releases.Registries;

/// <summary>
/// Reads one repository of a registry by the OCI distribution specification (version 2 of the HTTP API). What is read by digest is compared with
/// that digest. It changes nothing, and every failure is a <see cref="RegistryException"/>.
/// </summary>
public sealed class RegistryClient : IDisposable
{
    private const int PageSize = 1000;
    private const int MaximumPages = 1000;
    private const int MaximumTags = 100_000;
    private const int PageLimit = 4 * RegistryRequest.MiB;
    private const int ManifestLimit = 4 * RegistryRequest.MiB;
    private const int ConfigLimit = 8 * RegistryRequest.MiB;
    private readonly RegistryOptions _options;
    private readonly RegistryTransport _transport;
    private readonly RegistryAuthorization _authorization;
    private readonly SemaphoreSlim _finding = new(1);
    private Uri? _origin;

    /// <summary>A client of the registry that holds an image.</summary>
    /// <param name="image">The image; its tag and digest don't count.</param>
    /// <param name="options">How the registry is talked to.</param>
    public RegistryClient(ImageReference image, RegistryOptions options)
    {
        Image = image;
        _options = options;
        _transport = new RegistryTransport(options);
        _authorization = new RegistryAuthorization(_transport, image, options);
    }

    /// <summary>The image whose repository is read.</summary>
    public ImageReference Image { get; }

    /// <summary>All tags of the repository, in the registry's order.</summary>
    /// <exception cref="RegistryException">The list can't be had; <see cref="RegistryFault.NotFound"/> when the repository is unknown.</exception>
    public async Task<IReadOnlyList<string>> TagsAsync(CancellationToken cancellation)
    {
        var origin = await OriginAsync(cancellation);
        var list = new Uri(origin, $"/v2/{Image.Repository}/tags/list");
        var answer = await SendAsync(RegistryRequest.Get(new Uri(list, $"?n={PageSize}"), PageLimit), cancellation);
        // Some registries refuse a page size above their own limit instead of lowering it.
        if (answer.Status == HttpStatusCode.BadRequest)
            answer = await SendAsync(RegistryRequest.Get(list, PageLimit), cancellation);
        var tags = new List<string>();
        var seen = new HashSet<Uri>();
        for (var page = 1; ; page++)
        {
            tags.AddRange(TagList.Read(Expect(answer, $"the tags of {Image.Repository}")));
            if (TagList.Next(answer, origin) is not { } next)
                return [.. tags.Distinct(StringComparer.Ordinal)];
            if (page == MaximumPages || tags.Count > MaximumTags || !seen.Add(next))
                throw RegistryException.BadAnswer($"a list of at most {MaximumTags} tags that ends", "one that doesn't", answer.Address);
            answer = await SendAsync(RegistryRequest.Get(next, PageLimit), cancellation);
        }
    }

    /// <summary>The digest that a tag stands for now, or null when the repository has no such tag.</summary>
    /// <exception cref="RegistryException">The registry can't tell.</exception>
    public async Task<Digest?> DigestAsync(Tag tag, CancellationToken cancellation)
    {
        var answer = await SendAsync(await ManifestRequestAsync(HttpMethod.Head, tag.Value, cancellation), cancellation);
        if (answer.Status == HttpStatusCode.NotFound)
            return null;
        Expect(answer, $"the manifest of {Image.Repository}:{tag}");
        // The header is optional in the specification; without it the manifest itself tells.
        return Digest.TryParse(answer.Header("Docker-Content-Digest"), out var digest) ? digest : (await ManifestAsync(tag, cancellation))?.Digest;
    }

    /// <summary>A tag's manifest, or null when the repository has no such tag.</summary>
    /// <exception cref="RegistryException">The registry can't tell, or the manifest isn't what its digest says.</exception>
    public Task<Manifest?> ManifestAsync(Tag tag, CancellationToken cancellation) => ManifestAsync(tag.Value, null, cancellation);

    /// <summary>The manifest with a digest, or null when the repository has none.</summary>
    /// <exception cref="RegistryException">The registry can't tell, or the manifest isn't what its digest says.</exception>
    public Task<Manifest?> ManifestAsync(Digest digest, CancellationToken cancellation) => ManifestAsync(digest.Value, digest, cancellation);

    /// <summary>The manifest of the platform's image: the manifest itself, or the one that an index names for <see cref="RegistryOptions.Platform"/>.</summary>
    /// <exception cref="RegistryException">There is none for the platform, or it can't be read.</exception>
    public async Task<Manifest> ForPlatformAsync(Manifest manifest, CancellationToken cancellation)
    {
        if (!manifest.IsIndex)
            return manifest;
        var image = manifest.ImageFor(_options.Platform) ?? throw new RegistryException(
            RegistryFault.NotFound,
            $"expected an image for {_options.Platform} under {Image.Repository}@{manifest.Digest.Abbreviated}, found "
            + (manifest.Images.Count == 0 ? "none" : string.Join(", ", manifest.Images.Select(one => Untrusted.Quote(one.Platform)))),
            "build the release for this platform, or correct the platform in the profile");
        var found = await ManifestAsync(image.Digest, cancellation);
        return found is { IsIndex: false } ? found : throw new RegistryException(
            RegistryFault.NotFound,
            $"expected the manifest {image.Digest.Abbreviated} that {Image.Repository}@{manifest.Digest.Abbreviated} names for {_options.Platform}, found none",
            "the registry has lost part of the image (a garbage collection?): push the release again");
    }

    /// <summary>The config of one image's manifest.</summary>
    /// <exception cref="RegistryException">It can't be read, or isn't what its digest says.</exception>
    public async Task<ImageConfig> ConfigAsync(Manifest manifest, CancellationToken cancellation)
    {
        var config = manifest.Config ?? throw new ArgumentException("an index has no config of its own", nameof(manifest));
        var address = await BlobAsync(config.Digest, cancellation);
        var answer = Expect(await SendAsync(RegistryRequest.Get(address, ConfigLimit), cancellation), $"the config of {Image.Repository}@{manifest.Digest.Abbreviated}");
        return config.Digest.Matches(answer.Body)
            ? ImageConfig.Read(answer, config.Digest)
            : throw Forged(config.Digest, answer);
    }

    /// <summary>Whether the registry still holds a blob (a config or a layer).</summary>
    /// <exception cref="RegistryException">The registry can't tell.</exception>
    public async Task<bool> HasBlobAsync(Digest digest, CancellationToken cancellation)
    {
        var answer = await SendAsync(new RegistryRequest(HttpMethod.Head, await BlobAsync(digest, cancellation), 0), cancellation);
        if (answer.Status == HttpStatusCode.NotFound)
            return false;
        Expect(answer, $"the blob {digest.Abbreviated}");
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _authorization.Dispose();
        _transport.Dispose();
        _finding.Dispose();
    }

    private async Task<Manifest?> ManifestAsync(string reference, Digest? wanted, CancellationToken cancellation)
    {
        var answer = await SendAsync(await ManifestRequestAsync(HttpMethod.Get, reference, cancellation), cancellation);
        if (answer.Status == HttpStatusCode.NotFound)
            return null;
        Expect(answer, $"the manifest of {Image.Repository}:{reference}");
        var digest = wanted ?? (Digest.TryParse(answer.Header("Docker-Content-Digest"), out var named) ? named : Digest.Of(answer.Body));
        return digest.Matches(answer.Body) ? Manifest.Read(answer, digest) : throw Forged(digest, answer);
    }

    private static RegistryException Forged(Digest digest, RegistryAnswer answer) => new(
        RegistryFault.BadAnswer,
        $"expected content with digest {digest} from {RegistryException.Shown(answer.Address)}, found {Digest.Of(answer.Body)}",
        "something between the registry and here changes what it says, or its storage is damaged: don't pull from it before that is understood");

    private async Task<RegistryRequest> ManifestRequestAsync(HttpMethod method, string reference, CancellationToken cancellation) =>
        new(method, new Uri(await OriginAsync(cancellation), $"/v2/{Image.Repository}/manifests/{reference}"), ManifestLimit) { Accept = Manifest.MediaTypes };

    private async Task<Uri> BlobAsync(Digest digest, CancellationToken cancellation) =>
        new(await OriginAsync(cancellation), $"/v2/{Image.Repository}/blobs/{digest}");

    private async Task<RegistryAnswer> SendAsync(RegistryRequest request, CancellationToken cancellation)
    {
        var sent = _authorization.Current;
        var answer = await _transport.SendAsync(request with { Authorization = sent }, cancellation);
        // A challenge of a server that a redirect led to is not ours to answer.
        if (answer.Status != HttpStatusCode.Unauthorized || !RegistryRequest.IsSameServer(answer.Address, request.Address))
            return answer;
        return await _authorization.AnswerAsync(answer, sent, cancellation) is { } better
            ? await _transport.SendAsync(request with { Authorization = better }, cancellation)
            : answer;
    }

    private RegistryAnswer Expect(RegistryAnswer answer, string what) => answer.Status == HttpStatusCode.OK
        ? answer
        : throw RegistryFailures.Refused(answer, what, _authorization.Asker, _authorization.Problem);

    private async Task<Uri> OriginAsync(CancellationToken cancellation)
    {
        if (_origin is { } known)
            return known;
        await _finding.WaitAsync(cancellation);
        try
        {
            return _origin ??= await RegistryOrigin.FindAsync(Image, _options, _transport, cancellation);
        }
        finally
        {
            _finding.Release();
        }
    }
}
