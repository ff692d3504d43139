namespace Runback.Runbook.Releases.Registries;

/// <summary>What an image's config says of it (OCI image specification, "Image Configuration").</summary>
/// <param name="Digest">The config's digest, which the Docker engine calls the image id.</param>
/// <param name="CreatedAt">When the image was built, in UTC; null when it doesn't say, or says a reproducible build's placeholder.</param>
/// <param name="Labels">Its labels.</param>
public sealed record ImageConfig(Digest Digest, DateTimeOffset? CreatedAt, IReadOnlyDictionary<string, string> Labels)
{
    private const string CreatedLabel = "org.opencontainers.image.created";

    internal static ImageConfig Read(RegistryAnswer answer, Digest digest)
    {
        using var document = answer.Json("an image's config");
        var root = document.RootElement;
        if (root.ValueKind != System.Text.Json.JsonValueKind.Object)
            throw RegistryException.BadAnswer("an image's config", "JSON of another shape", answer.Address);
        Dictionary<string, string> labels = [];
        foreach (var label in root.Member("config")?.Member("Labels")?.Members() ?? [])
        {
            if (label.Value.Text() is { } value)
                labels[label.Name] = value;
        }
        var created = root.Member("created").Moment() ?? JsonReading.MomentOf(labels.GetValueOrDefault(CreatedLabel));
        return new ImageConfig(digest, created, labels);
    }
}
