using System.Net;
using System.Text.Json.Nodes;
using Runback.Runbook.Incidents.Http;

namespace Runback.Runbook.Incidents.GitHub;

/// <summary>Tells what GitHub's answers mean that aren't what was asked for, and answers that aren't GitHub's.</summary>
internal static class GitHubFailures
{
    private const string NotGitHub = "most likely a login page or a proxy answers in GitHub's place: check GITHUB_API_URL "
        + "(https://api.github.com, or https://HOST/api/v3 of an Enterprise Server) and the proxy's variables (HTTPS_PROXY, NO_PROXY)";

    /// <summary>An answer that says no.</summary>
    /// <param name="address">Who answered.</param>
    /// <param name="answer">The answer.</param>
    public static SendingException Refused(Uri address, Answer answer) => answer.IsHtml && !answer.IsRedirect
        ? new SendingException(
            Found(address, answer), (int)answer.Status >= 500 ? "GitHub or a proxy before it is failing: see its status page, and check GITHUB_API_URL" : NotGitHub,
            ambiguous: (int)answer.Status >= 500)
        : Failures.Refused(address, answer, answer.Member("message"), answer.Status switch
        {
            HttpStatusCode.Unauthorized => "the token isn't valid any more: give another one in GITHUB_TOKEN",
            HttpStatusCode.Forbidden => "the token needs the right to write issues (fine-grained: Issues, read and write; in Actions: `permissions: issues: write`)",
            HttpStatusCode.NotFound => "check the repository and number; GitHub also says 404 where the token may not see a repository",
            HttpStatusCode.Gone => "issues are switched off in that repository",
            _ when answer.IsRedirect => $"give a repository that was renamed by its new name; else {NotGitHub}",
            _ => null,
        });

    /// <summary>An answer that says yes and isn't what was asked for.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answer">The answer.</param>
    public static SendingException Unexpected(Request request, Answer answer) =>
        new(Found(request.Address, answer), NotGitHub, ambiguous: request.Method != HttpMethod.Get);

    /// <summary>JSON whose members are of other kinds than GitHub's.</summary>
    /// <param name="server">Who answered.</param>
    /// <param name="exception">What reading it threw, or null.</param>
    public static SendingException Unreadable(GitHubServer server, Exception? exception) => new(
        $"expected an issue or a comment of GitHub's from {Failures.Shown(server.Api)}, found other JSON", NotGitHub, ambiguous: true, exception);

    private static string Found(Uri address, Answer answer)
    {
        var found = answer switch
        {
            { IsHtml: true } => "an HTML page",
            { Body.Length: 0 } => "nothing",
            { Json: JsonObject or JsonArray } => "other JSON",
            _ => "something that isn't JSON",
        };
        return $"expected GitHub's JSON from {Failures.Shown(address)}, found {found} (status {(int)answer.Status})";
    }
}
