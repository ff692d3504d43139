using System.Globalization;
using System.Text.Json.Nodes;
using Runback.Runbook.Incidents.GitHub;
using Runback.Runbook.Incidents.Http;

namespace Runback.Runbook.Incidents.Channels;

/// <summary>
/// A comment on the incident's GitHub issue, edited as the run goes on. When its id wasn't kept it is found again by its hidden marker, so that
/// a crash between sending and keeping leaves one comment.
/// </summary>
/// <param name="key">Its key.</param>
/// <param name="server">The server.</param>
/// <param name="repository">The repository that <c>#N</c> means, or null.</param>
/// <param name="token">The token, or null when none was given.</param>
internal sealed class GitHubCommentChannel(string key, GitHubServer server, string? repository, string? token) : IChannel
{
    // A comment of a run is looked for among those of this time.
    private static readonly TimeSpan Past = TimeSpan.FromDays(7);

    /// <inheritdoc/>
    public string Name => $"github {server.Web.Host}";

    /// <inheritdoc/>
    public string Key => key;

    /// <inheritdoc/>
    public bool Edits => true;

    /// <inheritdoc/>
    public async Task<Delivery> SendAsync(Telling telling, string? kept, Sending sending)
    {
        if (server.Issue(telling.Announcement.Incident, repository) is not { } issue)
        {
            throw new SendingException(
                $"the incident isn't an issue on {server.Web.Host}",
                "give the issue's address, owner/repo#number, or #number with a repository as --incident");
        }
        if (string.IsNullOrEmpty(token))
            throw new SendingException("there is no token for GitHub", "give one that may write issues in GITHUB_TOKEN");
        var api = new GitHubApi(server, token);
        var body = new JsonObject { ["body"] = CommentBody.Of(telling.Message, telling.FirstRun) };
        // Another issue than before is another conversation.
        var prefix = $"{issue.Repository}#{issue.Number}:";
        if (kept?.StartsWith(prefix, StringComparison.Ordinal) == true && IsId(kept[prefix.Length..]) && await api.EditAsync(sending, CommentPath(issue, kept[prefix.Length..]), body))
            return new Delivery("edited", kept);
        if (await FindAsync(api, sending, issue, telling) is { } found && await api.EditAsync(sending, CommentPath(issue, found), body))
            return new Delivery("found again and edited", prefix + found);
        var created = await api.CreateAsync(sending, $"repos/{issue.Repository}/issues/{issue.Number}/comments", body);
        return new Delivery("sent", IdOf(created) is { } id ? prefix + id : null);
    }

    private static async Task<string?> FindAsync(GitHubApi api, Sending sending, GitHubIssue issue, Telling telling)
    {
        var since = (telling.Announcement.At.UtcDateTime - Past).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var comment = await api.FindAsync(sending, $"repos/{issue.Repository}/issues/{issue.Number}/comments?since={since}", telling.FirstRun);
        return comment is null ? null : IdOf(comment);
    }

    private static string CommentPath(GitHubIssue issue, string id) => $"repos/{issue.Repository}/issues/comments/{id}";

    private static string? IdOf(JsonNode comment) =>
        comment is JsonObject known && known["id"] is JsonValue value && value.TryGetValue<long>(out var id) ? id.ToString(CultureInfo.InvariantCulture) : null;

    private static bool IsId(string text) => text.Length is > 0 and <= 20 && text.All(char.IsAsciiDigit);
}
