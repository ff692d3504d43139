using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace Runback.Runbook.Tests.Incidents;

/// <summary>The issues of one repository as GitHub's REST API gives and takes them.</summary>
internal sealed class FakeGitHub : IAsyncDisposable
{
    private const string Path = "/api/v3/repos/team/api/issues";
    private readonly List<JsonObject> _issues = [];

    public FakeService Service { get; private set; } = null!;

    public IReadOnlyList<JsonObject> Issues
    {
        get
        {
            lock (_issues)
                return [.. _issues];
        }
    }

    /// <summary>Starts one that carries out so many creations and breaks their connection before it answers.</summary>
    public static async Task<FakeGitHub> StartAsync(int breakAfterCreate = 0)
    {
        var github = new FakeGitHub();
        github.Service = await FakeService.StartAsync(
            (call, _, _, context) =>
            {
                if (call.Path != Path || call.Authorization != "Bearer ghp-t")
                    return Task.FromResult<FakeService.Reply?>(new(404, """{"message":"Not Found"}"""));
                if (call.Method == "GET")
                    return Task.FromResult<FakeService.Reply?>(new(200, github.Page(call.PathAndQuery)));
                var number = github.Add(call.Body!["body"]!.GetValue<string>(), call.Body!.AsObject());
                if (breakAfterCreate-- <= 0)
                    return Task.FromResult<FakeService.Reply?>(new(201, $$"""{"number":{{number}}}"""));
                context.Abort();
                return Task.FromResult<FakeService.Reply?>(null);
            },
            TestContext.Current.CancellationToken);
        return github;
    }

    public int Add(string body, JsonObject? issue = null)
    {
        lock (_issues)
        {
            var added = issue is null ? new JsonObject { ["body"] = body } : (JsonObject)issue.DeepClone();
            added["number"] = _issues.Count + 1;
            _issues.Add(added);
            return _issues.Count;
        }
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    private string Page(string pathAndQuery)
    {
        var query = QueryHelpers.ParseQuery(pathAndQuery[pathAndQuery.IndexOf('?', StringComparison.Ordinal)..]);
        var size = int.Parse(query["per_page"]!);
        lock (_issues)
            return new JsonArray([.. Enumerable.Reverse(_issues).Skip((int.Parse(query["page"]!) - 1) * size).Take(size).Select(Shown)]).ToJsonString();
    }

    // Labels are given as names and shown as objects.
    private static JsonNode Shown(JsonObject issue)
    {
        var shown = issue.DeepClone();
        shown["labels"] = new JsonArray([.. issue["labels"]?.AsArray().Select(label => new JsonObject { ["name"] = label!.GetValue<string>() }) ?? []]);
        return shown;
    }
}
