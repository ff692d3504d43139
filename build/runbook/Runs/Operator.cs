namespace Runback.Runbook.Runs;

/// <summary>Who runs this: the person behind a CI job or behind <c>sudo</c>, not the account that it runs under.</summary>
public static class Operator
{
    // GitHub Actions and GitLab CI name the person who started the job; sudo names the one who called it.
    private static readonly string[] Variables = ["GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOR", "SUDO_USER"];

    /// <summary>The operator's name.</summary>
    public static string Current => Name(Environment.GetEnvironmentVariable, Environment.UserName);

    /// <summary>The operator's name as an environment tells it.</summary>
    /// <param name="variable">Gives a variable's value, or null.</param>
    /// <param name="account">The account, where no variable says more.</param>
    public static string Name(Func<string, string?> variable, string account) =>
        Variables.Select(variable).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value))?.Trim() ?? account;

    /// <summary>Whether two names are one person's: upper and lower case, spaces around and a leading @ don't tell people apart.</summary>
    public static bool IsSame(string one, string other) => string.Equals(Plain(one), Plain(other), StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) => name.Trim().TrimStart('@');
}
