using System.Text.RegularExpressions;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Incidents.GitHub;

/// <summary>A GitHub: github.com, one with data residency (<c>SUB.ghe.com</c>), or an Enterprise Server (<c>https://HOST/api/v3</c>).</summary>
/// <param name="Api">The REST API's base address, ending in a slash.</param>
/// <param name="Web">Where people go, ending in a slash.</param>
public sealed partial record GitHubServer(Uri Api, Uri Web)
{
    /// <summary>github.com.</summary>
    public static GitHubServer Public { get; } = new(new Uri("https://api.github.com/"), new Uri("https://github.com/"));

    /// <summary>The server behind an API address, as <c>GITHUB_API_URL</c> gives it; null or empty is github.com.</summary>
    /// <param name="api">The address.</param>
    /// <param name="allowInsecure">Whether plain http may leave this machine.</param>
    /// <exception cref="RunbookException">It isn't an https address.</exception>
    public static GitHubServer Parse(string? api, bool allowInsecure = false)
    {
        if (string.IsNullOrWhiteSpace(api))
            return Public;
        if (!Uri.TryCreate(api.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.UserInfo.Length > 0 || address.Query.Length > 0
            || !PlainHttp.Allows(address, allowInsecure))
        {
            throw RunbookException.Usage(
                "expected an https address for GitHub's API, found another",
                "GITHUB_API_URL is https://api.github.com, or https://HOST/api/v3 of a GitHub Enterprise Server; plain http only to this machine");
        }
        return new GitHubServer(address, WebOf(address));
    }

    /// <summary>Reads an incident that is a GitHub issue: its address on this server, <c>owner/repo#N</c>, or <c>#N</c> with a repository; null when it is none.</summary>
    /// <param name="incident">The incident as it was given.</param>
    /// <param name="repository">The repository that <c>#N</c> means, <c>owner/name</c>, or null.</param>
    public GitHubIssue? Issue(string? incident, string? repository)
    {
        var text = incident?.Trim() ?? "";
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http")
        {
            return address.Authority == Web.Authority && IssuePath().Match(address.AbsolutePath) is { Success: true } path
                ? Found(path, path.Groups["repo"].Value)
                : null;
        }
        var reference = Reference().Match(text);
        var named = reference.Groups["repo"].Success ? reference.Groups["repo"].Value : repository;
        return reference.Success && named is not null && IsRepository(named) ? Found(reference, named) : null;
    }

    /// <summary>Whether a text is a repository's <c>owner/name</c>.</summary>
    public static bool IsRepository(string text) => RepositoryName().IsMatch(text) && !text.Split('/').Any(part => part is "." or "..");

    private GitHubIssue? Found(Match match, string repository) =>
        long.TryParse(match.Groups["number"].ValueSpan, out var number) && number > 0 && IsRepository(repository)
            ? new GitHubIssue(repository, number, new Uri(Web, $"{repository}/issues/{number}"))
            : null;

    private static Uri WebOf(Uri api)
    {
        var root = new Uri(api.GetLeftPart(UriPartial.Authority) + "/");
        if (!api.Host.StartsWith("api.", StringComparison.OrdinalIgnoreCase) || api.AbsolutePath != "/")
            return root;
        return new UriBuilder(root) { Host = api.Host["api.".Length..] }.Uri;
    }

    [GeneratedRegex(@"\A/(?<repo>[A-Za-z0-9._-]+/[A-Za-z0-9._-]+)/(issues|pull)/(?<number>[0-9]{1,12})/?\z")]
    private static partial Regex IssuePath();

    [GeneratedRegex(@"\A(?<repo>[A-Za-z0-9._-]+/[A-Za-z0-9._-]+)?#(?<number>[0-9]{1,12})\z")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex RepositoryName();
}

/// <summary>A GitHub issue or pull request.</summary>
/// <param name="Repository">Its repository, <c>owner/name</c>.</param>
/// <param name="Number">Its number.</param>
/// <param name="Url">Where people find it.</param>
public sealed record GitHubIssue(string Repository, long Number, Uri Url);
