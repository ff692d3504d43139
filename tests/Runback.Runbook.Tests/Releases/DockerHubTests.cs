using System.Text.Json;
using Runback.Runbook.Releases;
using Runback.Runbook.Releases.Registries;

namespace Runback.Runbook.Tests.Releases;

public sealed class DockerHubTests
{
    private static readonly ImageReference Image = ImageReference.Parse("team/api");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Pages_are_followed_and_read()
    {
        await using var hub = await LoopbackServer.StartAsync(
            (server, context) =>
            {
                var page = context.Request.Query["page"].ToString() is { Length: > 0 } given ? int.Parse(given) : 1;
                var next = page < 3 ? $"{server.Address}v2/repositories/team/api/tags?page={page + 1}" : null;
                return FakeRegistry.Answer(context, 200, Page(next, ($"2025-12-0{4 - page}-rc1", $"2025-12-0{4 - page}T08:00:00.123456Z")));
            },
            Stop);
        using var catalog = new ReleaseCatalog(Image, FakeRegistry.Quick with { HubAddress = hub.Address });
        var list = await catalog.ListAsync([], Stop);
        Assert.Equal(["2025-12-03-rc1", "2025-12-02-rc1", "2025-12-01-rc1"], list.Releases.Select(release => release.Tag.Value));
        Assert.Equal(new DateTime(2025, 12, 3, 8, 0, 0, 123).AddMicroseconds(456), list.Releases[0].PublishedAt?.UtcDateTime);
        Assert.Equal(DigestOf("2025-12-03-rc1"), list.Releases[0].Digest?.Value);
        Assert.Null(list.Note);
        Assert.Equal("/v2/repositories/team/api/tags?page_size=100&ordering=last_updated", hub.Requests[0].PathAndQuery);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_single_word_image_is_looked_up_in_the_library()
    {
        await using var hub = await LoopbackServer.StartAsync((_, context) => FakeRegistry.Answer(context, 200, Page(null)), Stop);
        using var client = new DockerHubClient(ImageReference.Parse("postgres"), FakeRegistry.Quick with { HubAddress = hub.Address });
        var (releases, complete) = await client.NewestAsync(10, Stop);
        Assert.Empty(releases);
        Assert.True(complete);
        Assert.StartsWith("/v2/repositories/library/postgres/tags", Assert.Single(hub.Requests).PathAndQuery, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task No_more_is_read_than_asked_for()
    {
        await using var hub = await LoopbackServer.StartAsync(
            (server, context) => FakeRegistry.Answer(
                context, 200, Page($"{server.Address}v2/repositories/team/api/tags?page={Guid.NewGuid()}", ("a", "2025-12-01T00:00:00Z"), ("b", "2025-12-01T00:00:00Z"))),
            Stop);
        using var client = new DockerHubClient(Image, FakeRegistry.Quick with { HubAddress = hub.Address });
        var (releases, complete) = await client.NewestAsync(3, Stop);
        Assert.Equal(3, releases.Count);
        Assert.False(complete);
        Assert.Equal(2, hub.Requests.Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_next_page_on_another_server_is_not_followed()
    {
        await using var other = await LoopbackServer.StartAsync((_, context) => FakeRegistry.Answer(context, 200, Page(null)), Stop);
        await using var hub = await LoopbackServer.StartAsync((_, context) => FakeRegistry.Answer(context, 200, Page($"{other.Address}next")), Stop);
        using var catalog = new ReleaseCatalog(Image, FakeRegistry.Quick with { HubAddress = hub.Address });
        Assert.Equal(RegistryFault.BadAnswer, (await Assert.ThrowsAsync<RegistryException>(() => catalog.ListAsync([], Stop))).Fault);
        Assert.Empty(other.Requests);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("<html></html>")]
    [InlineData("{\"results\":{}}")]
    [InlineData("{\"results\":[{\"name\":\"a\\u0007b\"}]}")]
    [InlineData("{\"results\":[{}]}")]
    public async Task Nonsense_is_refused(string body)
    {
        await using var hub = await LoopbackServer.StartAsync((_, context) => FakeRegistry.Answer(context, 200, body), Stop);
        using var client = new DockerHubClient(Image, FakeRegistry.Quick with { HubAddress = hub.Address });
        Assert.Equal(RegistryFault.BadAnswer, (await Assert.ThrowsAsync<RegistryException>(() => client.NewestAsync(10, Stop))).Fault);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_private_repository_is_listed_through_its_registry()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var pushed = registry.Push("2025-12-15-rc1");
        await using var hub = await LoopbackServer.StartAsync((_, context) => FakeRegistry.Answer(context, 404, "{}"), Stop);
        using var catalog = new ReleaseCatalog(Image, FakeRegistry.Quick with { HubAddress = hub.Address, Address = registry.Address });
        Assert.Equal(pushed, Assert.Single((await catalog.ListAsync([], Stop)).Releases).Digest);
    }

    private static string DigestOf(string tag) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(tag)).Value;

    private static string Page(string? next, params (string Name, string At)[] tags) => JsonSerializer.Serialize(new
    {
        count = 3,
        next,
        results = tags.Select(tag => new { name = tag.Name, last_updated = tag.At, digest = DigestOf(tag.Name) }),
    });
}
