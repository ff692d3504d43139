using Runback.Runbook.Releases;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Releases;

public sealed class ReleaseCatalogTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Releases_are_listed_newest_first_with_date_and_digest()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Push("2025-12-15-rc1", "2025-12-15T10:00:00Z");
        var newest = registry.Push("2025-12-01-rc1", "2025-12-28T10:00:00Z");
        registry.Push("latest", "2025-12-20T10:00:00Z");
        registry.Push("sha256-" + new string('a', 64) + ".sig");
        using var catalog = new ReleaseCatalog(registry.Image, FakeRegistry.Quick);
        var list = await catalog.ListAsync([], Stop);
        // A tag's own date decides what is asked about; the image's date decides the order.
        Assert.Equal(["2025-12-01-rc1", "latest", "2025-12-15-rc1"], list.Releases.Select(release => release.Tag.Value));
        Assert.Equal(newest, list.Releases[0].Digest);
        Assert.Null(list.Note);
    }

    [Fact(Timeout = 240_000)]
    public async Task Only_the_newest_fifty_and_those_wanted_are_read_in_detail()
    {
        await using var registry = await FakeRegistry.StartAsync();
        for (var day = 0; day < 70; day++)
        {
            var date = new DateTime(2025, 1, 1).AddDays(day);
            registry.Push($"{date:yyyy-MM-dd}-rc1", $"{date:yyyy-MM-dd}T10:00:00Z");
        }
        using var catalog = new ReleaseCatalog(registry.Image, FakeRegistry.Quick);
        var list = await catalog.ListAsync(["2025-01-02-rc1", "not-there"], Stop);
        Assert.Equal(70, list.Releases.Count);
        Assert.Equal(51, list.Releases.Count(release => release.Digest is not null));
        Assert.NotNull(list.Releases.Single(release => release.Tag.Value == "2025-01-02-rc1").PublishedAt);
        Assert.Equal(list.Releases.OrderByDescending(release => release.Tag.Value, StringComparer.Ordinal), list.Releases);
        Assert.Contains("19 older", list.Note, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task One_damaged_release_does_not_hide_the_others()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Push("2025-12-15-rc1");
        registry.PushIndex("2025-12-16-rc1", "windows/arm64");
        using var catalog = new ReleaseCatalog(registry.Image, FakeRegistry.Quick);
        var list = await catalog.ListAsync([], Stop);
        Assert.Equal(2, list.Releases.Count);
        Assert.NotNull(list.Releases.Single(release => release.Tag.Value == "2025-12-16-rc1").Problem);
        Assert.Null(list.Releases.Single(release => release.Tag.Value == "2025-12-15-rc1").Problem);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_registry_that_fails_halfway_still_gives_the_names()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Push("a");
        registry.First = async context =>
        {
            if (!context.Request.Path.Value!.Contains("/manifests/", StringComparison.Ordinal))
                return false;
            await FakeRegistry.Answer(context, 500, "{}");
            return true;
        };
        using var catalog = new ReleaseCatalog(registry.Image, FakeRegistry.Quick);
        var list = await catalog.ListAsync([], Stop);
        Assert.Equal(["a"], list.Releases.Select(release => release.Tag.Value));
        Assert.Contains("500", list.Note, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_tag_that_exists_passes_the_gate_with_its_digest()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var pushed = registry.Push("2025-12-15-rc1");
        using var catalog = new ReleaseCatalog(registry.Image, FakeRegistry.Quick);
        Assert.Equal(pushed, await catalog.RequireAsync(Tag.Parse("2025-12-15-rc1"), Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_tag_that_does_not_exist_is_refused_with_the_nearest_ones()
    {
        await using var registry = await FakeRegistry.StartAsync();
        foreach (var tag in new[] { "2025-12-15-rc1", "2025-12-01-rc1", "v9", "latest" })
            registry.Push(tag);
        using var catalog = new ReleaseCatalog(registry.Image, FakeRegistry.Quick);
        var refusal = await Assert.ThrowsAsync<RunbookException>(() => catalog.RequireAsync(Tag.Parse("2025-12-51-rc1"), Stop));
        Assert.Equal(Outcome.Refused, refusal.Outcome);
        Assert.Contains("did you mean 2025-12-15-rc1 or 2025-12-01-rc1?", refusal.Hint, StringComparison.Ordinal);
        // What runs is what somebody wants to leave.
        var another = await Assert.ThrowsAsync<RunbookException>(() => catalog.RequireAsync(Tag.Parse("2025-12-51-rc1"), Stop, "2025-12-15-rc1"));
        Assert.Contains("did you mean 2025-12-01-rc1?", another.Hint, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_repository_that_does_not_exist_is_said_to_be_unknown()
    {
        await using var registry = await FakeRegistry.StartAsync();
        using var catalog = new ReleaseCatalog(ImageReference.Parse($"{registry.Authority}/team/wrong"), FakeRegistry.Quick);
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => catalog.RequireAsync(Tag.Parse("a"), Stop));
        Assert.Equal(RegistryFault.NotFound, refusal.Fault);
        Assert.Contains("NAME_UNKNOWN", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Whether_an_image_can_be_pulled_is_known_before_the_incident()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var tag = Tag.Parse("a");
        using var catalog = new ReleaseCatalog(registry.Image, FakeRegistry.Quick);
        Assert.Equal(Availability.Gone, (await catalog.CheckAsync(tag, null, Stop)).State);

        var verified = registry.Push("a");
        Assert.Equal(new ImageAvailability(Availability.Pullable, verified, null), await catalog.CheckAsync(tag, verified, Stop));

        var pushedAgain = registry.Push("a", layer: "another");
        var moved = await catalog.CheckAsync(tag, verified, Stop);
        Assert.Equal((Availability.Moved, pushedAgain, true), (moved.State, moved.Current, moved.CanBePulled));
        Assert.Contains($"team/api@{verified}", moved.Detail, StringComparison.Ordinal);

        registry.Untag("a");
        Assert.Equal(Availability.Moved, (await catalog.CheckAsync(tag, verified, Stop)).State);

        registry.LoseManifest(verified);
        Assert.Equal(Availability.Gone, (await catalog.CheckAsync(tag, verified, Stop)).State);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_manifest_without_its_layers_cannot_be_pulled()
    {
        await using var registry = await FakeRegistry.StartAsync();
        var pushed = registry.Push("a");
        registry.LoseBlobs();
        using var catalog = new ReleaseCatalog(registry.Image, FakeRegistry.Quick);
        var found = await catalog.CheckAsync(Tag.Parse("a"), pushed, Stop);
        Assert.Equal((Availability.Incomplete, false), (found.State, found.CanBePulled));
        Assert.Contains("2 blobs", found.Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_registry_that_cannot_be_asked_leaves_it_unknown()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.First = async context =>
        {
            await FakeRegistry.Answer(context, 401, "{}");
            return true;
        };
        using var catalog = new ReleaseCatalog(registry.Image, FakeRegistry.Quick);
        var found = await catalog.CheckAsync(Tag.Parse("a"), null, Stop);
        Assert.Equal((Availability.Unknown, false), (found.State, found.CanBePulled));
        Assert.Contains("hint:", found.Detail, StringComparison.Ordinal);
    }
}
