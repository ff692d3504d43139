using System.Text.Json;
using Docker.DotNet.Models;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;

namespace Runback.Runbook.Tests.Deployments;

public sealed class SituationTests
{
    [Theory]
    [InlineData("v1", "sha256:aa", "v1@sha256:aa", true)]
    [InlineData("v1", "sha256:aa", "v1", true)]
    [InlineData("v1", "sha256:aa", null, false)]
    [InlineData("v1", "sha256:aa", "v2@sha256:aa", false)]
    [InlineData("v1", "sha256:bb", "v1@sha256:aa", false)]
    [InlineData("v1", null, "v1", true)]
    [InlineData("v2", null, "v2", false)]
    public void A_release_runs_when_every_service_has_it_and_the_env_file_pins_it(string tag, string? digest, string? pin, bool runs) =>
        Assert.Equal(runs, Observed.Situation([Observed.Service("api", "v1", "sha256:aa"), Observed.Service("jobs", "v1", "sha256:aa")], pin).Runs(tag, digest));

    [Fact]
    public void A_release_that_one_service_does_not_run_does_not_run()
    {
        Assert.False(Observed.Situation([Observed.Service("api", "v1", "sha256:aa"), Observed.Service("jobs", "v0", "sha256:cc")], "v1").Runs("v1", "sha256:aa"));
        Assert.False(Observed.Situation([Observed.Service("api", "v1", "sha256:aa"), Observed.Service("jobs", "v1", "sha256:aa", "exited")], "v1").Runs("v1", "sha256:aa"));
        Assert.False(Observed.Situation([Observed.Service("api", "v1", "sha256:aa"), new ServiceState("jobs", null, null, null)], "v1").Runs("v1", "sha256:aa"));
    }

    [Fact]
    public void A_pin_to_another_digest_under_the_same_tag_is_not_this_release() =>
        Assert.False(Observed.Situation([Observed.Service("api", "v1", "sha256:aa"), Observed.Service("jobs", "v1", "sha256:aa")], "v1@sha256:bb").Runs("v1", "sha256:aa"));

    [Theory]
    [InlineData("running", "healthy", 200, true)]
    [InlineData("running", null, 200, true)]
    [InlineData("running", "starting", 200, true)]
    [InlineData("running", "unhealthy", 200, false)]
    [InlineData("exited", null, 200, false)]
    [InlineData("paused", "healthy", 200, false)]
    [InlineData("restarting", "healthy", 200, false)]
    [InlineData("running", "healthy", 500, false)]
    [InlineData("running", "healthy", 302, false)]
    [InlineData("running", "healthy", null, false)]
    public void It_serves_when_health_answers_and_no_container_is_unhealthy(string state, string? health, int? status, bool serves) =>
        Assert.Equal(serves, Observed.Situation([Observed.Service("api", "v1", null, state, health), Observed.Service("jobs", "v1", null, "running", null)], health: status).Serves);

    [Fact]
    public void An_image_with_several_digests_runs_under_each_of_them_and_under_its_id()
    {
        var image = new Image(
            "sha256:id", [$"{Observed.Repository}@sha256:aa", $"{Observed.Repository}@sha256:bb", "elsewhere/app@sha256:cc"], [], DateTimeOffset.UnixEpoch, "/", new Dictionary<string, string>());
        var api = Observed.Service("api", "v1", "sha256:aa") with { Image = image };
        foreach (var digest in (string[])["sha256:aa", "sha256:bb", "sha256:cc", "sha256:id"])
        {
            Assert.True(Observed.Situation([api], $"v1@{digest}").Runs("v1", digest), digest);
            Assert.True(Observed.Situation([api]).Running.Has(digest), digest);
        }
        Assert.False(Observed.Situation([api], "v1@sha256:dd").Runs("v1", "sha256:dd"));
        Assert.Equal("sha256:bb", image.DigestIn(Observed.Repository, "sha256:bb"));
        Assert.Equal("sha256:aa", image.DigestIn(Observed.Repository, "sha256:dd"));
    }

    [Fact]
    public void A_container_without_labels_health_or_environment_is_read()
    {
        var container = Container.From(Answer("""
            {"Id": "abc", "Name": "/shop-api-1", "Image": "sha256:1", "RestartCount": 2,
             "Config": {"Image": "app:v1", "Labels": null, "Env": null},
             "State": {"Status": "exited", "ExitCode": 137, "StartedAt": "0001-01-01T00:00:00Z"}}
            """));
        Assert.Equal(("shop-api-1", "exited", "exited", 2, 137), (container.Name, container.State, container.Condition, container.Restarts, container.ExitCode));
        Assert.Null(container.Health);
        Assert.Empty(container.Labels);
        Assert.False(container.IsHealthy);
    }

    [Theory]
    [InlineData("none", null)]
    [InlineData("", null)]
    [InlineData("starting", "starting")]
    public void A_health_check_that_is_none_is_none(string status, string? health) => Assert.Equal(health, Container.From(Answer($$$"""
        {"Id": "abc", "Name": "/a", "Image": "sha256:1", "Config": {"Image": "app:v1"}, "State": {"Status": "running", "Health": {"Status": "{{{status}}}"} } }
        """)).Health);

    private static ContainerInspectResponse Answer(string json) => JsonSerializer.Deserialize<ContainerInspectResponse>(json)!;
}
