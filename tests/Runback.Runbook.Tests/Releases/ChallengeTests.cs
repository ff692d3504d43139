using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Releases.Registries;

namespace Runback.Runbook.Tests.Releases;

public sealed class ChallengeTests
{
    [Fact]
    public void A_bearer_challenge_is_read()
    {
        var challenge = Assert.Single(Challenge.Read("""Bearer realm="https://auth.example/token?a=b,c",service="registry.example",scope="repository:a/b:pull,push" """));
        Assert.Equal("bearer", challenge.Scheme);
        Assert.Equal("https://auth.example/token?a=b,c", challenge["realm"]);
        Assert.Equal("registry.example", challenge["Service"]);
        Assert.Equal("repository:a/b:pull,push", challenge["scope"]);
        Assert.Null(challenge["error"]);
    }

    [Fact]
    public void Several_challenges_in_one_header_are_told_apart()
    {
        var challenges = Challenge.Read("""Negotiate, BASIC realm="a \"quoted\" one", Bearer realm = "https://x/", service=bare""");
        Assert.Equal(["negotiate", "basic", "bearer"], challenges.Select(challenge => challenge.Scheme));
        Assert.Equal("a \"quoted\" one", challenges[1]["realm"]);
        Assert.Equal("bare", challenges[2]["service"]);
    }

    [Fact]
    public void Any_text_is_read_without_an_error() =>
        Prop.ForAll<string?>(text => Assert.NotNull(Challenge.Read(text ?? ""))).Check(Seeded.Config);
}
