namespace Runback.Engine.Output;

/// <summary>Tells by environment variables what CI system runs this.</summary>
internal static class CiDetector
{
    private static readonly string[] Others =
        ["CI", "TF_BUILD", "TEAMCITY_VERSION", "JENKINS_URL", "TRAVIS", "APPVEYOR", "BITBUCKET_BUILD_NUMBER", "bamboo_buildKey", "BITRISE_BUILD_URL", "JB_SPACE_PROJECT_KEY"];

    public static CiSystem Detect(Func<string, string?> environment)
    {
        if (IsOn("GITHUB_ACTIONS"))
            return CiSystem.GitHubActions;
        if (IsOn("GITLAB_CI"))
            return CiSystem.GitLab;
        return Others.Any(IsOn) ? CiSystem.Other : CiSystem.None;

        bool IsOn(string name) => environment(name) is { Length: > 0 } value && !value.Equals("false", StringComparison.OrdinalIgnoreCase) && value != "0";
    }
}
