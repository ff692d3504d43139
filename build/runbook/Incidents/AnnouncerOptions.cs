namespace Runback.Runbook.Incidents;

/// <summary>What announcing needs beyond the channels' lines. The tokens are secrets.</summary>
public sealed record AnnouncerOptions
{
    /// <summary>How long one moment may take in all, for every channel by itself.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The bot's token for <c>slack-bot</c> channels.</summary>
    public string? SlackToken { get; init; }

    /// <summary>Slack's Web API, another one for GovSlack.</summary>
    public string SlackApiUrl { get; init; } = "https://slack.com/api/";

    /// <summary>The token for comments on GitHub issues.</summary>
    public string? GitHubToken { get; init; }

    /// <summary>GitHub's REST API: null for github.com, <c>https://HOST/api/v3</c> for a GitHub Enterprise Server.</summary>
    public string? GitHubApiUrl { get; init; }

    /// <summary>The repository, <c>owner/name</c>, that an incident <c>#N</c> belongs to.</summary>
    public string? Repository { get; init; }

    /// <summary>Whether plain http may leave this machine.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan AttemptLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The pause before a second attempt; each later one is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The options as the environment gives them: <c>SLACK_TOKEN</c>, <c>SLACK_API_URL</c>, <c>GITHUB_TOKEN</c>, <c>GITHUB_API_URL</c>, <c>GITHUB_REPOSITORY</c>.</summary>
    /// <param name="variable">Reads a variable; null is this process's environment.</param>
    public static AnnouncerOptions FromEnvironment(Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;
        var options = new AnnouncerOptions
        {
            SlackToken = Value("SLACK_TOKEN"),
            GitHubToken = Value("GITHUB_TOKEN"),
            GitHubApiUrl = Value("GITHUB_API_URL"),
            Repository = Value("GITHUB_REPOSITORY"),
        };
        return Value("SLACK_API_URL") is { } slack ? options with { SlackApiUrl = slack } : options;
    }
}
