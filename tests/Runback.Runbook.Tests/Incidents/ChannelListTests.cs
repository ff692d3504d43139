using Runback.Runbook.Incidents;
using Runback.Runbook.Incidents.Channels;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Incidents;

public sealed class ChannelListTests
{
    private const string Secret = "T00000000/B00000000/abcdefghijklmnopqrstuvwx";

    [Fact]
    public void Every_kind_is_read_and_shows_nothing_secret()
    {
        var secrets = new Secrets();
        var channels = ChannelList.Parse(
            [$"slack https://hooks.slack.com/services/{Secret}", "slack-bot #incidents", "teams https://prod-1.example.com/workflows/abc0123456789/run?sig=s3cr3tsignature",
                "discord https://discord.com/api/webhooks/123456789012345678/tokentokentokentoken", "webhook https://hooks.example.com/x", "github", "", "  "],
            new AnnouncerOptions { SlackToken = "xoxb-token-1" }, secrets);
        Assert.Equal(
            ["slack https://hooks.slack.com/…", "slack-bot #incidents", "teams https://prod-1.example.com/…", "discord https://discord.com/…", "webhook https://hooks.example.com/…", "github github.com"],
            channels.Select(channel => channel.Name));
        Assert.Equal([false, true, false, true, false, true], channels.Select(channel => channel.Edits));
        foreach (var secret in new[] { $"https://hooks.slack.com/services/{Secret}", "abcdefghijklmnopqrstuvwx", "s3cr3tsignature", "tokentokentokentoken", "xoxb-token-1" })
            Assert.Equal("(***)", secrets.Mask($"({secret})"));
    }

    [Fact]
    public void Two_webhooks_of_one_host_are_told_apart_and_the_same_line_twice_is_one()
    {
        var channels = ChannelList.Parse(["slack https://h.example/aaaaaaaaaaaaaaaa1", "slack https://h.example/bbbbbbbbbbbbbbbb2", "slack https://h.example/aaaaaaaaaaaaaaaa1"], new(), new Secrets());
        Assert.Equal(["slack https://h.example/…", "slack https://h.example/… (2)"], channels.Select(channel => channel.Name));
        Assert.Equal(2, channels.Select(channel => channel.Key).Distinct().Count());
    }

    [Theory]
    [InlineData("slcak https://hooks.slack.com/SECRETSECRET", "the kind `slcak`")]
    [InlineData("https://hooks.slack.com/SECRETSECRET", "an address without a kind")]
    [InlineData("slack hooks.slack.com/SECRETSECRET", "`slack` without an address")]
    [InlineData("slack", "`slack` without an address")]
    [InlineData("slack https://hooks.slack.com/SECRETSECRET and more", "`slack` without an address")]
    [InlineData("slack http://hooks.slack.com/SECRETSECRET", "plain http to hooks.slack.com")]
    [InlineData("teams ftp://example.com/SECRETSECRET", "`teams` without an address")]
    [InlineData("webhook https://user:SECRETSECRET@example.com/", "a user or password")]
    [InlineData("slack-bot", "without a channel")]
    [InlineData("slack-bot <!channel>SECRETSECRET", "without a channel")]
    [InlineData("github #SECRETSECRET", "`github` with something behind it")]
    [InlineData("SECRETSECRET", "no kind that is known")]
    public void What_is_no_channel_is_a_usage_error_that_never_shows_the_line(string line, string said)
    {
        var refusal = Assert.Throws<RunbookException>(() => ChannelList.Parse(["github", line], new(), new Secrets()));
        Assert.Equal(Outcome.Usage, refusal.Outcome);
        Assert.Contains("line 2", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRETSECRET", refusal.Message + refusal.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_http_is_for_this_machine_unless_allowed()
    {
        Assert.Single(ChannelList.Parse(["webhook http://127.0.0.1:9/x"], new(), new Secrets()));
        Assert.Single(ChannelList.Parse(["webhook http://hooks.example.com/x"], new() { AllowInsecure = true }, new Secrets()));
        Assert.Throws<RunbookException>(() => ChannelList.Parse(["github"], new() { GitHubApiUrl = "http://ghe.example.com/api/v3" }, new Secrets()));
        Assert.Throws<RunbookException>(() => ChannelList.Parse(["slack-bot #x"], new() { SlackApiUrl = "http://slack.example.com/api" }, new Secrets()));
    }
}
