using System.Globalization;
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
        using var api = new GitHubApi(server, token, sending);
        var body = CommentBody.Of(telling.Message, telling.FirstRun);
        // Another issue than before is another conversation.
        var prefix = $"{issue.Repository}#{issue.Number}:";
        if (IdOf(kept, prefix) is { } known && await api.EditCommentAsync(issue, known, body))
            return new Delivery("edited", kept);
        if (await api.FindCommentAsync(issue, telling.Announcement.At - Past, telling.FirstRun) is { } found && await api.EditCommentAsync(issue, found, body))
            return new Delivery("found again and edited", Kept(prefix, found));
        return new Delivery("sent", Kept(prefix, await api.CreateCommentAsync(issue, body)));
    }

    private static string Kept(string prefix, long id) => prefix + id.ToString(CultureInfo.InvariantCulture);

    private static long? IdOf(string? kept, string prefix) =>
        kept?.StartsWith(prefix, StringComparison.Ordinal) == true
        && long.TryParse(kept.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
