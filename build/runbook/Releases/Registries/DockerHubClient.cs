using System.Net;
using System.Text.Json;

namespace Runback.Runbook.Releases.Registries;

/// <summary>
/// Lists a repository's tags by Docker Hub's own API (<c>/v2/repositories/ORG/REPO/tags</c>), which knows when each was pushed and, unlike reading
/// manifests, doesn't count as pulling. It shows public repositories only.
/// </summary>
/// <param name="image">The image on Docker Hub.</param>
/// <param name="options">How it is talked to.</param>
public sealed class DockerHubClient(ImageReference image, RegistryOptions options) : IDisposable
{
    private const int PageSize = 100;
    private const int PageLimit = 8 * RegistryRequest.MiB;
    private readonly RegistryTransport _transport = new(options);

    /// <summary>The tags pushed last, newest first.</summary>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The tags, and whether these are all that the repository has.</returns>
    /// <exception cref="RegistryException">The list can't be had.</exception>
    public async Task<(IReadOnlyList<PublishedRelease> Releases, bool Complete)> NewestAsync(int most, CancellationToken cancellation)
    {
        var first = new Uri(options.HubAddress, $"/v2/repositories/{image.Repository}/tags?page_size={Math.Min(PageSize, most)}&ordering=last_updated");
        var seen = new HashSet<Uri> { first };
        List<PublishedRelease> releases = [];
        for (Uri? page = first; page is not null;)
        {
            if (releases.Count >= most)
                return (releases[..most], false);
            var answer = await _transport.SendAsync(RegistryRequest.Get(page, PageLimit), cancellation);
            if (answer.Status != HttpStatusCode.OK)
                throw RegistryFailures.Refused(answer, $"the tags of {image.Repository}");
            (var read, page) = Read(answer);
            releases.AddRange(read);
            if (page is not null && !seen.Add(page))
                throw RegistryException.BadAnswer("a list of tags that ends", "one that doesn't", answer.Address);
        }
        return releases.Count > most ? (releases[..most], false) : (releases, true);
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private (IReadOnlyList<PublishedRelease> Releases, Uri? Next) Read(RegistryAnswer answer)
    {
        using var document = answer.Json("a page of tags");
        if (document.RootElement.Member("results") is not { ValueKind: JsonValueKind.Array } results)
            throw RegistryException.BadAnswer("a page of tags", "JSON of another shape", answer.Address);
        List<PublishedRelease> releases = [];
        foreach (var result in JsonReading.Items(results))
        {
            var name = result.Member("name").Text();
            if (!Tag.TryParse(name, out var tag))
                throw RegistryException.BadAnswer("a page of tags", $"a name that is no tag: {Untrusted.Quote(name ?? "")}", answer.Address);
            var pushed = result.Member("tag_last_pushed").Moment() ?? result.Member("last_updated").Moment();
            releases.Add(new PublishedRelease(tag, pushed, DigestOf(result)));
        }
        if (document.RootElement.Member("next").Text() is not { Length: > 0 } next)
            return (releases, null);
        if (!Uri.TryCreate(answer.Address, next, out var page) || !RegistryRequest.IsSameServer(page, options.HubAddress))
            throw RegistryException.BadAnswer("a next page on the same server", $"a link to {Untrusted.Quote(next)}", answer.Address);
        return (releases, page);
    }

    // Older tags of one platform only have the digest of that image.
    private static Digest? DigestOf(JsonElement result)
    {
        if (Digest.TryParse(result.Member("digest").Text(), out var digest))
            return digest;
        var images = result.Member("images").Items().ToList();
        return images.Count == 1 && Digest.TryParse(images[0].Member("digest").Text(), out var only) ? only : null;
    }
}
