using Runback.Runbook.Incidents.GitHub;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Incidents;

public sealed class GitHubServerTests
{
    [Theory]
    [InlineData(null, "https://api.github.com/", "https://github.com/")]
    [InlineData("https://api.github.com", "https://api.github.com/", "https://github.com/")]
    [InlineData("https://ghe.example.com/api/v3", "https://ghe.example.com/api/v3/", "https://ghe.example.com/")]
    [InlineData("https://api.team.ghe.com/", "https://api.team.ghe.com/", "https://team.ghe.com/")]
    public void The_web_address_follows_from_the_api_address(string? given, string api, string web)
    {
        var server = GitHubServer.Parse(given);
        Assert.Equal((api, web), (server.Api.AbsoluteUri, server.Web.AbsoluteUri));
    }

    [Theory]
    [InlineData("http://ghe.example.com/api/v3")]
    [InlineData("https://user:pw@ghe.example.com/")]
    [InlineData("ghe.example.com")]
    [InlineData("https://ghe.example.com/?token=1")]
    public void What_is_no_https_address_is_refused(string given) => Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => GitHubServer.Parse(given)).Outcome);

    [Theory]
    [InlineData("https://github.com/team/api/issues/7", "team/api", 7)]
    [InlineData("https://github.com/team/api/pull/7/", "team/api", 7)]
    [InlineData("https://github.com/team/api/issues/7#issuecomment-1", "team/api", 7)]
    [InlineData("team/api#12", "team/api", 12)]
    [InlineData("#12", "own/er", 12)]
    public void An_issue_is_recognized(string incident, string repository, long number)
    {
        var issue = GitHubServer.Public.Issue(incident, "own/er");
        Assert.Equal((repository, number, $"https://github.com/{repository}/issues/{number}"), (issue!.Repository, issue.Number, issue.Url.AbsoluteUri));
    }

    [Theory]
    [InlineData("INC-42")]
    [InlineData("https://evil.example.com/team/api/issues/7")]
    [InlineData("https://github.com.evil.example.com/team/api/issues/7")]
    [InlineData("https://github.com/../../issues/7")]
    [InlineData("https://github.com/team/api/issues/0")]
    [InlineData("https://github.com/team/api")]
    [InlineData("../..#1")]
    [InlineData("team/api#99999999999999999999")]
    [InlineData("")]
    [InlineData(null)]
    public void Anything_else_is_none_so_that_no_token_goes_elsewhere(string? incident) => Assert.Null(GitHubServer.Public.Issue(incident, "own/er"));

    [Fact]
    public void A_number_alone_needs_a_repository() => Assert.Null(GitHubServer.Public.Issue("#12", null));
}
