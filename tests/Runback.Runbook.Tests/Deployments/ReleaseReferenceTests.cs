using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;

namespace Runback.Runbook.Tests.Deployments;

public sealed class ReleaseReferenceTests
{
    [Theory]
    [InlineData("app", "app", null, null)]
    [InlineData("app:v1", "app", "v1", null)]
    [InlineData("localhost:5000/cleaning/app", "localhost:5000/cleaning/app", null, null)]
    [InlineData("localhost:5000/cleaning/app:v1", "localhost:5000/cleaning/app", "v1", null)]
    [InlineData("localhost:5000/cleaning/app:v1@sha256:0a", "localhost:5000/cleaning/app", "v1", "sha256:0a")]
    [InlineData("localhost:5000/cleaning/app@sha256:0a", "localhost:5000/cleaning/app", null, "sha256:0a")]
    [InlineData("sha256:0a", "sha256", "0a", null)]
    public void A_reference_is_taken_apart(string reference, string repository, string? tag, string? digest) =>
        Assert.Equal(new ReleaseReference(repository, tag, digest), ReleaseReference.Parse(reference));

    [Theory]
    [InlineData("localhost:5000/app", "sha256:aa")]
    [InlineData("app", "sha256:bb")]
    [InlineData("docker.io/library/app", "sha256:bb")]
    [InlineData("app2", null)]
    [InlineData("other/app", null)]
    public void An_images_digest_is_that_of_the_deployments_own_repository(string repository, string? digest)
    {
        var image = new Image("sha256:id", ["localhost:5000/app@sha256:aa", "app@sha256:bb", "broken"], [], DateTimeOffset.UnixEpoch, "/", new Dictionary<string, string>());
        Assert.Equal(digest, image.DigestIn(repository));
    }
}
