using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Runback.Runbook.Incidents.Http;

namespace Runback.Runbook.Incidents.GitHub;

/// <summary>
/// Carries Octokit's requests over a sending, with its deadline and its repeats, and lets answers through that are what was asked for. Of those it gets
/// the body alone: without <c>Location</c> and <c>Link</c> it has no address to go to by itself.
/// </summary>
/// <param name="token">The token.</param>
/// <param name="sending">The sending, which is what ends it.</param>
internal sealed partial class GitHubHandler(string token, Sending sending) : HttpMessageHandler
{
    private static readonly Dictionary<string, string> Version = new() { ["X-GitHub-Api-Version"] = "2022-11-28" };

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = new Request(request.Method, request.RequestUri!, await BodyAsync(request))
        {
            Token = token,
            Headers = new Dictionary<string, string>(Version) { ["Accept"] = request.Headers.Accept.ToString() },
            // Whoever creates looks first whether it exists; a blind repeat could create it twice.
            Repeatable = request.Method != HttpMethod.Post,
        };
        var answer = await sending.AskAsync(asked);
        if (!answer.IsSuccess)
            throw GitHubFailures.Refused(asked.Address, answer);
        if (!IsExpected(request.Method, answer))
            throw GitHubFailures.Unexpected(asked, answer);
        return new HttpResponseMessage(answer.Status) { RequestMessage = request, Content = new StringContent(answer.Body, Encoding.UTF8, "application/json") };
    }

    // Octokit takes an object for a list of one, and what is no JSON for an empty list: a ticket would then be made twice.
    private static bool IsExpected(HttpMethod method, Answer answer) =>
        method == HttpMethod.Get ? answer.Json is JsonArray : answer.Json is JsonObject && (method != HttpMethod.Post || answer.Status == HttpStatusCode.Created);

    private static async Task<JsonNode?> BodyAsync(HttpRequestMessage request)
    {
        if (request.Content is null)
            return null;
        // Octokit writes control characters as they are, which JSON doesn't allow.
        var text = await request.Content.ReadAsStringAsync();
        return JsonNode.Parse(ControlCharacter().Replace(text, match => $"\\u{(int)match.Value[0]:x4}"));
    }

    [GeneratedRegex(@"[\u0000-\u001f]")]
    private static partial Regex ControlCharacter();
}
