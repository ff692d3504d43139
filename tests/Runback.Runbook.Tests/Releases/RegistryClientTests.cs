using Runback.Runbook.Releases;
using Runback.Runbook.Releases.Registries;

namespace Runback.Runbook.Tests.Releases;

public sealed class RegistryClientTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task All_pages_of_tags_are_read()
    {
        await using var registry = await FakeRegistry.StartAsync(new FakeRegistry { PageSize = 2 });
        foreach (var tag in new[] { "a", "b", "c", "d", "e" })
            registry.Push(tag);
        using var client = registry.Client();
        Assert.Equal(["a", "b", "c", "d", "e"], await client.TagsAsync(Stop));
        Assert.Equal(3, registry.Requests.Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_registry_that_refuses_the_page_size_is_asked_without()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Push("a");
        registry.First = async context =>
        {
            if (!context.Request.QueryString.HasValue || context.Request.Path == "/v2/")
                return false;
            await FakeRegistry.Answer(context, 400, """{"errors":[{"code":"PAGINATION_NUMBER_INVALID"}]}""");
            return true;
        };
        using var client = registry.Client();
        Assert.Equal(["a"], await client.TagsAsync(Stop));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("<http://other.example:5000/v2/team/api/tags/list?last=a>; rel=\"next\"", "same server")]
    [InlineData("</v2/team/api/tags/list?last=a>; rel=next", "that ends")]
    public async Task Pages_that_lead_elsewhere_or_in_a_circle_are_refused(string link, string expected)
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.First = async context =>
        {
            context.Response.Headers.Link = link;
            await FakeRegistry.Answer(context, 200, """{"name":"team/api","tags":["a"]}""");
            return true;
        };
        using var client = registry.Client();
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.Equal(RegistryFault.BadAnswer, refusal.Fault);
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_digest_of_a_tag_is_the_one_of_its_manifest()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var pushed = registry.Push("2025-12-15-rc1");
        using var client = registry.Client();
        Assert.Equal(pushed, await client.DigestAsync(Tag.Parse("2025-12-15-rc1"), Stop));
        Assert.Equal("HEAD", Assert.Single(registry.Requests).Method);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_registry_that_names_no_digest_is_asked_for_the_manifest_itself()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var pushed = registry.Push("a");
        registry.First = context =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.Remove("Docker-Content-Digest");
                return Task.CompletedTask;
            });
            return Task.FromResult(false);
        };
        using var client = registry.Client();
        Assert.Equal(pushed, await client.DigestAsync(Tag.Parse("a"), Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_tag_that_is_not_there_has_no_digest()
    {
        await using var registry = await FakeRegistry.StartAsync();
        using var client = registry.Client();
        Assert.Null(await client.DigestAsync(Tag.Parse("nothing"), Stop));
        Assert.Null(await client.ManifestAsync(Tag.Parse("nothing"), Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_manifest_other_than_its_digest_says_is_refused()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Push("a");
        var other = Digest.Of("something else"u8);
        registry.First = context =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["Docker-Content-Digest"] = other.Value;
                return Task.CompletedTask;
            });
            return Task.FromResult(false);
        };
        using var client = registry.Client();
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.ManifestAsync(Tag.Parse("a"), Stop));
        Assert.Equal(RegistryFault.BadAnswer, refusal.Fault);
        Assert.Contains(other.Value, refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_manifest_asked_by_digest_is_compared_with_that_digest_whatever_the_header_says()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var wanted = registry.Push("a");
        registry.First = async context =>
        {
            if (!context.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal))
                return false;
            context.Response.Headers["Docker-Content-Digest"] = Digest.Of("{}"u8).Value;
            await FakeRegistry.Answer(context, 200, "{}");
            return true;
        };
        using var client = registry.Client();
        await Assert.ThrowsAsync<RegistryException>(() => client.ManifestAsync(wanted, Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task The_date_comes_from_the_config_of_the_platforms_image()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.PushIndex("a", "linux/arm64/v8", "linux/amd64");
        using var client = registry.Client();
        var manifest = await client.ManifestAsync(Tag.Parse("a"), Stop);
        Assert.NotNull(manifest);
        Assert.True(manifest.IsIndex);
        Assert.Equal(["linux/arm64/v8", "linux/amd64"], manifest.Images.Select(image => image.Platform));
        var config = await client.ConfigAsync(await client.ForPlatformAsync(manifest, Stop), Stop);
        Assert.Equal(new DateTimeOffset(2025, 12, 16, 10, 0, 0, TimeSpan.Zero), config.CreatedAt);
        Assert.Equal("api", config.Labels["app"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_index_without_the_platform_names_those_it_has()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.PushIndex("a", "linux/arm64");
        using var client = registry.Client();
        var manifest = await client.ManifestAsync(Tag.Parse("a"), Stop);
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.ForPlatformAsync(manifest!, Stop));
        Assert.Contains("linux/amd64", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'linux/arm64'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_placeholder_date_of_a_reproducible_build_counts_as_unknown()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Push("a", created: "1970-01-01T00:00:00Z");
        using var client = registry.Client();
        var config = await client.ConfigAsync((await client.ManifestAsync(Tag.Parse("a"), Stop))!, Stop);
        Assert.Null(config.CreatedAt);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_changed_config_is_refused()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Push("a");
        registry.First = async context =>
        {
            if (!context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal))
                return false;
            await FakeRegistry.Answer(context, 200, """{"created":"2030-01-01T00:00:00Z"}""");
            return true;
        };
        using var client = registry.Client();
        var manifest = await client.ManifestAsync(Tag.Parse("a"), Stop);
        Assert.Equal(RegistryFault.BadAnswer, (await Assert.ThrowsAsync<RegistryException>(() => client.ConfigAsync(manifest!, Stop))).Fault);
    }
}
