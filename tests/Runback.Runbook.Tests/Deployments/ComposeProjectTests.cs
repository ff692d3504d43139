using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Deployments;

public sealed class ComposeProjectTests
{
    private const string Lab = """
        {"name": "shop", "services": {
          "db": {"image": "postgres:17", "networks": {"default": null}},
          "api": {"image": "shop/app:v1", "build": {"context": "."}, "depends_on": {"db": {"condition": "service_healthy"}}, "environment": {"A": "1", "EMPTY": "", "UNSET": null}},
          "jobs": {"build": {"context": "."}, "depends_on": {"api": {"condition": "service_started"}}},
          "proxy": {"image": "caddy", "ports": [{"target": 80, "published": "80"}], "depends_on": {"api": {}}},
          "mail": {"image": "mail", "container_name": "mail", "ports": []}
        }}
        """;

    [Fact]
    public void What_compose_resolved_is_read()
    {
        var project = ComposeProject.Parse(Lab);
        Assert.Equal("shop", project.Name);
        Assert.Equal(["api", "db", "jobs", "mail", "proxy"], project.Services.Keys.Order(StringComparer.Ordinal));
        Assert.True(project.Service("jobs") is { Image: null, IsBuilt: true, IsSingle: false });
        Assert.True(project.Service("proxy") is { Image: "caddy", IsBuilt: false, IsSingle: true });
        Assert.True(project.Service("mail").IsSingle);
        Assert.Equal([("A", "1"), ("EMPTY", "")], project.Service("api").Environment.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void Dependencies_are_followed_through_others()
    {
        var project = ComposeProject.Parse(Lab);
        Assert.Equal(["api", "db"], project.DependenciesOf(["jobs"]).Order(StringComparer.Ordinal));
        Assert.Empty(project.DependenciesOf(["mail", "no-such-service"]));
    }

    [Fact]
    public void A_circle_of_dependencies_ends()
    {
        var project = ComposeProject.Parse("""{"name":"p","services":{"a":{"image":"x","depends_on":{"b":{}}},"b":{"image":"x","depends_on":{"a":{}}}}}""");
        Assert.Equal(["a", "b"], project.DependenciesOf(["a"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_service_that_is_not_there_is_refused_with_those_that_are()
    {
        var error = Assert.Throws<RunbookException>(() => ComposeProject.Parse(Lab).Service("worker"));
        Assert.Equal(Outcome.Refused, error.Outcome);
        Assert.Contains("`worker`", error.Message, StringComparison.Ordinal);
        Assert.Contains("api, db, jobs, mail, proxy", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no configuration file provided: not found")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"name": 5}""")]
    [InlineData("""{"name": "p", "services": []}""")]
    [InlineData("""{"name": "p", "services": {"a": null}}""")]
    [InlineData("""{"name": "p", "services": {"a": {"image": {}}}}""")]
    public void Anything_else_is_an_error_that_names_the_version_needed(string json) =>
        Assert.Contains("docker compose version", Assert.Throws<RunbookException>(() => ComposeProject.Parse(json)).Hint, StringComparison.Ordinal);

    [Fact]
    public void A_project_without_services_is_read() => Assert.Empty(ComposeProject.Parse("""{"name": "p"}""").Services);
}
