using Runback.Runbook.Cutover;
using Runback.Runbook.Engines;

namespace Runback.Runbook.Tests.Cutover;

/// <summary>What is said of a service that a plain <c>up</c> wouldn't leave as it is.</summary>
public sealed class DependencyDriftTests
{
    [Theory]
    [InlineData("running", "h1", "sha256:a", null)]
    [InlineData("paused", "h1", "sha256:a", "is paused (docker unpause shop-db-1)")]
    [InlineData("exited", "h1", "sha256:a", "doesn't run: exited")]
    [InlineData("paused", "h0", "sha256:b", "is paused (docker unpause shop-db-1)")]
    [InlineData("running", "h0", "sha256:a", "was started otherwise than the compose files say now")]
    [InlineData("running", "h1", "sha256:b", "runs another image than its reference stands for on this host now")]
    public void Each_cause_is_told_as_what_it_is(string state, string hash, string image, string? why)
    {
        var container = new Container(
            "id", "shop-db-1", new Dictionary<string, string> { ["com.docker.compose.config-hash"] = hash }, "postgres:17", image, state, null, 0, DateTimeOffset.UnixEpoch, 0, []);
        Assert.Equal(why, DependencyDrift.Of("db", container, "h1", "sha256:a")?.Why);
    }

    [Fact]
    public void A_service_without_a_container_has_none() => Assert.Equal("has no container", DependencyDrift.Of("db", null, "h1", "sha256:a")?.Why);
}
