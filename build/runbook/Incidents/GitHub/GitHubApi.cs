using System.Net;
using Octokit;
using Octokit.Internal;
using Runback.Runbook.Incidents.Http;

namespace Runback.Runbook.Incidents.GitHub;

/// <summary>The few calls of GitHub's REST API that an incident needs, within one sending.</summary>
internal sealed class GitHubApi : IDisposable
{
    private const int PageSize = 100;
    private const int MaximumPages = 10;
    private readonly GitHubServer _server;
    private readonly HttpClientAdapter _http;
    private readonly IIssuesClient _issues;

    /// <summary>The API of a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="token">The token; it goes to that server only.</param>
    /// <param name="sending">The sending.</param>
    public GitHubApi(GitHubServer server, string token, Sending sending)
    {
        _server = server;
        _http = new HttpClientAdapter(() => new GitHubHandler(token, sending));
        // The credentials are added where it is decided what is sent at all.
        var store = new InMemoryCredentialStore(Credentials.Anonymous);
        _issues = new GitHubClient(new Connection(new ProductHeaderValue("runback", "1"), server.Api, store, _http, new SimpleJsonSerializer())).Issue;
    }

    /// <summary>Finds the newest issue whose body ends with a run's marker.</summary>
    /// <param name="repository">The repository, <c>owner/name</c>.</param>
    /// <param name="since">Only what changed since then is looked at.</param>
    /// <param name="run">The run.</param>
    /// <returns>Its number, or null.</returns>
    /// <exception cref="SendingException">The issues could not be read.</exception>
    public async Task<long?> FindIssueAsync(string repository, DateTimeOffset since, string run)
    {
        var (owner, name) = Parts(repository);
        var wanted = new RepositoryIssueRequest
        {
            State = ItemStateFilter.All,
            SortProperty = IssueSort.Created,
            SortDirection = SortDirection.Descending,
            Since = since,
        };
        return (await FindAsync(page => _issues.GetAllForRepository(owner, name, wanted, page), issue => issue.Body, run))?.Number;
    }

    /// <summary>Makes an issue.</summary>
    /// <param name="repository">The repository, <c>owner/name</c>.</param>
    /// <param name="title">Its title.</param>
    /// <param name="body">Its text.</param>
    /// <param name="labels">Its labels.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="SendingException">It wasn't made, or nobody knows.</exception>
    public async Task<long> CreateIssueAsync(string repository, string title, string body, IEnumerable<string> labels)
    {
        var (owner, name) = Parts(repository);
        var wanted = new NewIssue(title) { Body = body };
        foreach (var label in labels)
            wanted.Labels.Add(label);
        return Known((await ReadAsync(() => _issues.Create(owner, name, wanted)))?.Number);
    }

    /// <summary>Finds the first comment on an issue whose text ends with a run's marker.</summary>
    /// <param name="issue">The issue.</param>
    /// <param name="since">Only what changed since then is looked at.</param>
    /// <param name="run">The run.</param>
    /// <returns>Its id, or null.</returns>
    /// <exception cref="SendingException">The comments could not be read.</exception>
    public async Task<long?> FindCommentAsync(GitHubIssue issue, DateTimeOffset since, string run)
    {
        var (owner, name) = Parts(issue.Repository);
        var wanted = new IssueCommentRequest { Since = since };
        return (await FindAsync(page => _issues.Comment.GetAllForIssue(owner, name, issue.Number, wanted, page), comment => comment.Body, run))?.Id;
    }

    /// <summary>Makes a comment on an issue.</summary>
    /// <param name="issue">The issue.</param>
    /// <param name="body">The comment's text.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="SendingException">It wasn't made, or nobody knows.</exception>
    public async Task<long> CreateCommentAsync(GitHubIssue issue, string body)
    {
        var (owner, name) = Parts(issue.Repository);
        return Known((await ReadAsync(() => _issues.Comment.Create(owner, name, issue.Number, body)))?.Id);
    }

    /// <summary>Gives a comment another text.</summary>
    /// <param name="issue">The issue that it is on.</param>
    /// <param name="id">The comment's id.</param>
    /// <param name="body">The new text.</param>
    /// <returns>Whether it still exists.</returns>
    /// <exception cref="SendingException">It could not be edited.</exception>
    public async Task<bool> EditCommentAsync(GitHubIssue issue, long id, string body)
    {
        var (owner, name) = Parts(issue.Repository);
        try
        {
            await ReadAsync(() => _issues.Comment.Update(owner, name, id, body));
            return true;
        }
        catch (SendingException exception) when (exception.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static (string Owner, string Name) Parts(string repository) => repository.Split('/') is [var owner, var name]
        ? (owner, name)
        : throw new ArgumentException("expected owner/name", nameof(repository));

    private async Task<T?> FindAsync<T>(Func<ApiOptions, Task<IReadOnlyList<T?>>> ask, Func<T, string?> body, string run)
        where T : class
    {
        for (var page = 1; page <= MaximumPages; page++)
        {
            var items = await ReadAsync(() => ask(new ApiOptions { StartPage = page, PageCount = 1, PageSize = PageSize }));
            var found = items.FirstOrDefault(item => item is not null && Marker.Ends(body(item), run));
            if (found is not null || items.Count < PageSize)
                return found;
        }
        return null;
    }

    private async Task<T> ReadAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is not (SendingException or OperationCanceledException))
        {
            // Octokit's reader throws whatever comes when a member is of another kind than it should be.
            throw GitHubFailures.Unreadable(_server, exception);
        }
    }

    private long Known(long? number) => number is > 0 ? number.Value : throw GitHubFailures.Unreadable(_server, null);
}
