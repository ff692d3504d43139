namespace Runback.Runbook.Incidents.FollowUps;

/// <summary>Where the follow-up ticket is made. The token is a secret.</summary>
public sealed record FollowUpOptions
{
    /// <summary>The repository, <c>owner/name</c>, or null: then the ticket is only written down.</summary>
    public string? Repository { get; init; }

    /// <summary>The token, or null: then the ticket is only written down.</summary>
    public string? Token { get; init; }

    /// <summary>GitHub's REST API: null for github.com, <c>https://HOST/api/v3</c> for a GitHub Enterprise Server.</summary>
    public string? ApiUrl { get; init; }

    /// <summary>The ticket's labels.</summary>
    public IReadOnlyList<string> Labels { get; init; } = ["forward-fix"];

    /// <summary>The template's file, or null for the built-in one.</summary>
    public string? TemplateFile { get; init; }

    /// <summary>How long it may take in all.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan AttemptLimit { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The pause before a second attempt; each later one is twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether plain http may leave this machine.</summary>
    public bool AllowInsecure { get; init; }

    /// <summary>The options as the environment gives them: <c>GITHUB_REPOSITORY</c>, <c>GITHUB_TOKEN</c>, <c>GITHUB_API_URL</c>.</summary>
    /// <param name="variable">Reads a variable; null is this process's environment.</param>
    public static FollowUpOptions FromEnvironment(Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;
        return new FollowUpOptions { Repository = Value("GITHUB_REPOSITORY"), Token = Value("GITHUB_TOKEN"), ApiUrl = Value("GITHUB_API_URL") };
    }
}
