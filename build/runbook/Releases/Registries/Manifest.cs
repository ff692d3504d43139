using System.Text.Json;

namespace Runback.Runbook.Releases.Registries;

/// <summary>
/// A manifest whose bytes were compared with their digest: of one image, or an index of images by platform (OCI image specification, and
/// Docker's schema 2 of the same shape).
/// </summary>
/// <param name="Digest">The digest of its bytes.</param>
/// <param name="Config">The image's config, or null in an index.</param>
/// <param name="Layers">The image's layers; none in an index.</param>
/// <param name="Images">An index's images; none in an image.</param>
public sealed record Manifest(Digest Digest, Descriptor? Config, IReadOnlyList<Descriptor> Layers, IReadOnlyList<PlatformImage> Images)
{
    /// <summary>The media types asked for: indexes before images, so that the digest is the one that the tag stands for.</summary>
    internal static readonly IReadOnlyList<string> MediaTypes =
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ];

    /// <summary>Whether it is an index.</summary>
    public bool IsIndex => Config is null;

    /// <summary>An index's image for a platform, or null. A platform without a variant takes the first image of its architecture.</summary>
    public Descriptor? ImageFor(string platform) =>
        (Images.FirstOrDefault(image => image.Platform == platform)
            ?? Images.FirstOrDefault(image => image.Platform.StartsWith(platform + "/", StringComparison.Ordinal)))?.Descriptor;

    internal static Manifest Read(RegistryAnswer answer, Digest digest)
    {
        using var document = answer.Json("a manifest");
        var root = document.RootElement;
        if (root.Member("manifests") is { ValueKind: JsonValueKind.Array } images)
            return new Manifest(digest, null, [], [.. JsonReading.Items(images).Select(Platform).OfType<PlatformImage>()]);
        var config = Descriptor(root.Member("config"));
        if (config is null || root.Member("layers") is not { ValueKind: JsonValueKind.Array } layers)
            throw RegistryException.BadAnswer("an image manifest (OCI, or Docker schema 2)", "JSON of another shape", answer.Address);
        var read = JsonReading.Items(layers).Select(layer => Descriptor(layer)).ToList();
        if (read.Contains(null))
            throw RegistryException.BadAnswer("layers with digest and size", "a layer without", answer.Address);
        return new Manifest(digest, config, [.. read.OfType<Descriptor>()], []);
    }

    private static Descriptor? Descriptor(JsonElement? element) =>
        Releases.Digest.TryParse(element?.Member("digest").Text(), out var digest)
        && element?.Member("size") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var size) && size >= 0
            ? new Descriptor(element?.Member("mediaType").Text() ?? "", digest, size)
            : null;

    private static PlatformImage? Platform(JsonElement entry)
    {
        var platform = entry.Member("platform");
        var parts = new[] { platform?.Member("os").Text(), platform?.Member("architecture").Text(), platform?.Member("variant").Text() };
        // Attestations are listed as images of the platform unknown/unknown.
        return Descriptor(entry) is { } descriptor && parts[0] is not (null or "unknown")
            ? new PlatformImage(string.Join('/', parts.Where(part => !string.IsNullOrEmpty(part))), descriptor)
            : null;
    }
}

/// <summary>A content that a manifest refers to.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Digest">Its digest.</param>
/// <param name="Size">Its size, in bytes.</param>
public sealed record Descriptor(string MediaType, Digest Digest, long Size);

/// <summary>One image of an index.</summary>
/// <param name="Platform"><c>os/architecture[/variant]</c>.</param>
/// <param name="Descriptor">Its manifest.</param>
public sealed record PlatformImage(string Platform, Descriptor Descriptor);
