using Runback.Runbook.Cutover;
using Runback.Runbook.Deployments;
using Runback.Runbook.Tests.Deployments;

namespace Runback.Runbook.Tests.Cutover;

public sealed class TagVariableTests
{
    [Fact]
    public void Services_that_follow_the_variable_are_left_alone() => Assert.Empty(Unpinned("""
        "api": {"image": "localhost:5000/cleaning/app:probe"}, "jobs": {"image": "localhost:5000/cleaning/app:probe", "build": {"context": "."}}
        """));

    [Fact]
    public void The_real_applications_file_pins_neither_a_fixed_image_nor_only_a_build_section() => Assert.Equal(
        [new UnpinnedService("api", "cleanwithsnapshot-api"), new UnpinnedService("jobs", null)],
        Unpinned("""
            "api": {"image": "cleanwithsnapshot-api", "build": {"context": "."}}, "jobs": {"build": {"context": "."}, "command": ["python", "-m", "app.jobs.run"]}
            """));

    [Theory]
    [InlineData("localhost:5000/cleaning/app:latest")]
    [InlineData("localhost:5000/cleaning/app")]
    [InlineData("localhost:5000/cleaning/jobs:probe")]
    [InlineData("localhost:5000/cleaning/app:probe-slim")]
    [InlineData("localhost:5000/cleaning/app:probe@sha256:0a")]
    public void A_service_with_another_image_under_the_probes_tag_is_named(string image) => Assert.Equal(
        [new UnpinnedService("jobs", image)],
        Unpinned($$"""
            "api": {"image": "localhost:5000/cleaning/app:probe"}, "jobs": {"image": "{{image}}"}
            """));

    [Theory]
    [InlineData("\"web\": {\"image\": \"localhost:5000/cleaning/web:TAG\"}", "web")]
    [InlineData("\"cron\": {\"image\": \"localhost:5000/cleaning/app:TAG\"}, \"db\": {\"image\": \"postgres:17\"}", "cron")]
    [InlineData("\"db\": {\"image\": \"postgres:17\"}, \"cache\": {\"build\": {\"context\": \".\"}}", "")]
    public void Who_else_follows_the_variable_is_named(string others, string expected)
    {
        ComposeProject Under(string tag) => ComposeProject.Parse(
            $$"""{"name": "cleaning", "services": { "api": {"image": "localhost:5000/cleaning/app:{{tag}}"}, {{others.Replace("TAG", tag, StringComparison.Ordinal)}} } }""");
        Assert.Equal(expected, string.Join(',', TagVariable.Others(Observed.Deployment(), Under("v1"), Under("probe")).Select(service => service.Name)));
    }

    [Fact]
    public void The_override_gives_each_service_the_image_by_the_variable() => Assert.Equal(
        "services:\n  api:\n    image: \"localhost:5000/cleaning/app:${IMAGE_TAG}\"\n  jobs:\n    image: \"localhost:5000/cleaning/app:${IMAGE_TAG}\"\n",
        TagVariable.Override(Observed.Deployment(), [new("api", "fixed"), new("jobs", null)]));

    private static IReadOnlyList<UnpinnedService> Unpinned(string services) =>
        TagVariable.Unpinned(Observed.Deployment(), ComposeProject.Parse($$"""{"name": "cleaning", "services": { {{services}} } }"""), "probe");
}
