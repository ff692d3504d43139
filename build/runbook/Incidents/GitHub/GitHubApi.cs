using System.Net;
using System.Text.Json.Nodes;
using Runback.Runbook.Incidents.Http;

namespace Runback.Runbook.Incidents.GitHub;

/// <summary>The few calls of GitHub's REST API (version 2022-11-28) that an incident needs.</summary>
/// <param name="server">The server.</param>
/// <param name="token">The token; it goes to that server only.</param>
internal sealed class GitHubApi(GitHubServer server, string token)
{
    private const int PageSize = 100;
    private const int MaximumPages = 10;

    private static readonly Dictionary<string, string> Headers = new()
    {
        ["Accept"] = "application/vnd.github+json",
        ["X-GitHub-Api-Version"] = "2022-11-28",
    };

    /// <summary>Creates something.</summary>
    /// <param name="sending">The sending.</param>
    /// <param name="path">The path, without a leading slash.</param>
    /// <param name="body">What to create.</param>
    /// <returns>What was created.</returns>
    /// <exception cref="SendingException">It wasn't, or nobody knows.</exception>
    public async Task<JsonNode> CreateAsync(Sending sending, string path, JsonObject body)
    {
        // Whoever creates looks first whether it exists; a blind repeat could create it twice.
        var request = Request(HttpMethod.Post, path, body) with { Repeatable = false };
        var answer = await sending.AskAsync(request);
        return answer.Status == HttpStatusCode.Created && answer.Json is { } created ? created : throw Refused(request, answer);
    }

    /// <summary>Edits something.</summary>
    /// <param name="sending">The sending.</param>
    /// <param name="path">The path, without a leading slash.</param>
    /// <param name="body">The new values.</param>
    /// <returns>Whether it still exists.</returns>
    /// <exception cref="SendingException">It could not be edited.</exception>
    public async Task<bool> EditAsync(Sending sending, string path, JsonObject body)
    {
        var request = Request(HttpMethod.Patch, path, body);
        var answer = await sending.AskAsync(request);
        return answer.IsSuccess || (answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone ? false : throw Refused(request, answer));
    }

    /// <summary>Finds the first item of a list whose body ends with a run's marker.</summary>
    /// <param name="sending">The sending.</param>
    /// <param name="path">The list's path and query; pages are added.</param>
    /// <param name="run">The run.</param>
    /// <returns>The item, or null.</returns>
    /// <exception cref="SendingException">The list could not be read.</exception>
    public async Task<JsonObject?> FindAsync(Sending sending, string path, string run)
    {
        for (var page = 1; page <= MaximumPages; page++)
        {
            var request = Request(HttpMethod.Get, $"{path}&per_page={PageSize}&page={page}", null);
            var answer = await sending.AskAsync(request);
            if (!answer.IsSuccess || answer.Json is not JsonArray items)
                throw Refused(request, answer);
            var found = items.OfType<JsonObject>().FirstOrDefault(item => item["body"] is JsonValue body && body.TryGetValue<string>(out var text) && Marker.Ends(text, run));
            if (found is not null || items.Count < PageSize)
                return found;
        }
        return null;
    }

    private Request Request(HttpMethod method, string path, JsonObject? body) => new(method, new Uri(server.Api, path), body) { Token = token, Headers = Headers };

    private static SendingException Refused(Request request, Answer answer) => Failures.Refused(request.Address, answer, answer.Member("message"), answer.Status switch
    {
        HttpStatusCode.Unauthorized => "the token isn't valid any more: give another one in GITHUB_TOKEN",
        HttpStatusCode.Forbidden => "the token needs the right to write issues (fine-grained: Issues, read and write; in Actions: `permissions: issues: write`)",
        HttpStatusCode.NotFound => "check the repository and number; GitHub also says 404 where the token may not see a repository",
        HttpStatusCode.Gone => "issues are switched off in that repository",
        _ => null,
    });
}
