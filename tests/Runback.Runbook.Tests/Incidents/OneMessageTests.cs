using Runback.Runbook.Incidents;

namespace Runback.Runbook.Tests.Incidents;

/// <summary>One message for a run, edited as it goes on, also by another process.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class OneMessageTests : IDisposable
{
    private readonly Workspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workspace.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Discord_posts_once_and_is_edited_by_the_run_that_finishes_a_killed_one()
    {
        await using var discord = await FakeService.StartAsync((_, _) => new(200, """{"id":"987654321098765432"}"""), Cancellation);
        string[] lines = [$"discord {discord.Address}api/webhooks/1/token?thread_id=5"];
        await TwoRunsAsync(lines, _workspace.Options);
        Assert.Equal(
            ["POST /api/webhooks/1/token?thread_id=5&wait=true", "PATCH /api/webhooks/1/token/messages/987654321098765432?thread_id=5", "PATCH /api/webhooks/1/token/messages/987654321098765432?thread_id=5"],
            discord.Calls.Select(call => $"{call.Method} {call.PathAndQuery}"));
        Assert.Contains("is done", discord.Calls[^1].Body!["embeds"]![0]!["title"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_discord_message_that_somebody_deleted_is_posted_again()
    {
        await using var discord = await FakeService.StartAsync(
            (call, number) => call.Method == "PATCH" ? new(404, """{"code":10008,"message":"Unknown Message"}""") : new(200, $$"""{"id":"{{number}}1"}"""), Cancellation);
        var results = await TwoRunsAsync([$"discord {discord.Address}api/webhooks/1/token"], _workspace.Options);
        Assert.All(results, result => Assert.Equal("sent", result.Detail));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_discord_webhook_that_is_gone_is_a_failure()
    {
        await using var discord = await FakeService.StartAsync((_, _) => new(404, """{"code":10015,"message":"Unknown Webhook"}"""), Cancellation);
        var results = await TwoRunsAsync([$"discord {discord.Address}api/webhooks/1/token"], _workspace.Options);
        Assert.All(results, result => Assert.Contains("404 (Unknown Webhook)", result.Detail, StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_slack_bot_edits_its_message_and_replies_in_its_thread()
    {
        await using var slack = await FakeService.StartAsync((_, _) => new(200, """{"ok":true,"channel":"C123","ts":"1503435956.000247"}"""), Cancellation);
        var results = await TwoRunsAsync(["slack-bot #incidents"], _workspace.Options with { SlackToken = "xoxb-t", SlackApiUrl = $"{slack.Address}api/" });
        Assert.Equal(["/api/chat.postMessage", "/api/chat.update", "/api/chat.update", "/api/chat.postMessage"], slack.Calls.Select(call => call.Path));
        Assert.All(slack.Calls, call => Assert.Equal("Bearer xoxb-t", call.Authorization));
        Assert.Equal("#incidents", slack.Calls[0].Body!["channel"]!.GetValue<string>());
        Assert.Equal(("C123", "1503435956.000247"), (slack.Calls[1].Body!["channel"]!.GetValue<string>(), slack.Calls[1].Body!["ts"]!.GetValue<string>()));
        Assert.Equal("1503435956.000247", slack.Calls[3].Body!["thread_ts"]!.GetValue<string>());
        Assert.Equal(["sent", "edited", "edited, and replied in its thread"], results.Select(result => result.Detail));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("not_in_channel", "invite the bot")]
    [InlineData("invalid_auth", "SLACK_TOKEN")]
    [InlineData("missing_scope", "chat:write")]
    public async Task What_slack_says_is_wrong_becomes_what_to_do(string error, string hint)
    {
        await using var slack = await FakeService.StartAsync((_, _) => new(200, $$"""{"ok":false,"error":"{{error}}"}"""), Cancellation);
        var results = await TwoRunsAsync(["slack-bot #incidents"], _workspace.Options with { SlackToken = "xoxb-t", SlackApiUrl = $"{slack.Address}api" });
        Assert.All(results, result => Assert.False(result.Delivered));
        Assert.All(results, result => Assert.Contains(hint, result.Hint, StringComparison.Ordinal));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("slack-bot #incidents", "SLACK_TOKEN")]
    [InlineData("github", "GITHUB_TOKEN")]
    public async Task A_missing_token_is_a_failed_channel_and_stops_nothing(string line, string hint)
    {
        var run = _workspace.Begin();
        using var announcer = Announcer.Create([line], _workspace.Options with { Repository = "team/api" }, run);
        var result = Assert.Single(await announcer.SayAsync(Workspace.Start(run) with { Incident = "#7" }, Cancellation));
        Assert.False(result.Delivered);
        Assert.Contains(hint, result.Hint, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_comment_on_the_incident_is_edited_later()
    {
        await using var github = await FakeService.StartAsync(
            (call, _) => call.Method switch { "GET" => new(200, "[]"), "POST" => new(201, """{"id":77}"""), _ => new(200, """{"id":77}""") }, Cancellation);
        var results = await TwoRunsAsync(["github"], GitHub(github), incident: "team/api#7");
        Assert.Equal(
            ["GET /api/v3/repos/team/api/issues/7/comments", "POST /api/v3/repos/team/api/issues/7/comments", "PATCH /api/v3/repos/team/api/issues/comments/77", "PATCH /api/v3/repos/team/api/issues/comments/77"],
            github.Calls.Select(call => $"{call.Method} {call.Path}"));
        Assert.Equal(["sent", "edited", "edited"], results.Select(result => result.Detail));
        Assert.All(github.Calls, call => Assert.Equal("Bearer ghp-t", call.Authorization));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_comment_whose_id_was_lost_in_a_crash_is_found_again_by_its_marker()
    {
        var comment = "";
        await using var github = await FakeService.StartAsync(
            (call, _) =>
            {
                if (call.Method == "GET")
                    return new(200, comment.Length == 0 ? "[]" : $$"""[{"id":1,"body":"hello"},{"id":2,"body":null},{"id":77,"body":{{System.Text.Json.JsonSerializer.Serialize(comment)}}}]""");
                comment = call.Body!["body"]!.GetValue<string>();
                return new(call.Method == "POST" ? 201 : 200, """{"id":77}""");
            },
            Cancellation);
        var killed = _workspace.Begin();
        using (var announcer = Announcer.Create(["github"], GitHub(github), killed))
            await announcer.SayAsync(Workspace.Start(killed) with { Incident = "team/api#7" }, Cancellation);
        File.Delete(Path.Combine(killed.Folder!, IncidentMemory.FileName));

        var run = _workspace.Begin();
        using var second = Announcer.Create(["github"], GitHub(github), run);
        second.TakeUp(killed.Id);
        var result = Assert.Single(await second.SayAsync(Workspace.Told(run, Moment.Success) with { Incident = "team/api#7" }, Cancellation));
        Assert.Equal("found again and edited", result.Detail);
        Assert.Single(github.Calls, call => call.Method == "POST");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_comment_that_somebody_deleted_is_made_again()
    {
        await using var github = await FakeService.StartAsync(
            (call, _) => call.Method switch { "GET" => new(200, "[]"), "POST" => new(201, """{"id":9999999999}"""), _ => new(404, """{"message":"Not Found"}""") }, Cancellation);
        var results = await TwoRunsAsync(["github"], GitHub(github), incident: "team/api#7");
        Assert.All(results, result => Assert.Equal("sent", result.Detail));
        Assert.Equal("/api/v3/repos/team/api/issues/comments/9999999999", github.Calls.First(call => call.Method == "PATCH").Path);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_login_page_in_githubs_place_is_a_failure_and_no_comment_is_made()
    {
        await using var github = await FakeService.StartAsync((_, _) => new(200, "<html>Sign in</html>", ("Content-Type", "text/html")), Cancellation);
        var results = await TwoRunsAsync(["github"], GitHub(github), incident: "team/api#7");
        Assert.All(results, result => Assert.False(result.Delivered));
        Assert.All(results, result => Assert.Contains("expected GitHub's JSON", result.Detail, StringComparison.Ordinal));
        Assert.All(results, result => Assert.Contains("GITHUB_API_URL", result.Hint, StringComparison.Ordinal));
        Assert.All(github.Calls, call => Assert.Equal("GET", call.Method));
    }

    [Fact(Timeout = 120_000)]
    public async Task An_incident_that_is_no_issue_gets_no_comment_and_no_token_goes_anywhere()
    {
        await using var github = await FakeService.StartAsync((_, _) => new(200), Cancellation);
        var results = await TwoRunsAsync(["github"], GitHub(github), incident: "https://evil.example.com/team/api/issues/7");
        Assert.All(results, result => Assert.Contains("isn't an issue on", result.Detail, StringComparison.Ordinal));
        Assert.Empty(github.Calls);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_webhook_is_not_told_of_the_start_twice()
    {
        await using var service = await FakeService.StartAsync((_, _) => new(200, "ok"), Cancellation);
        var results = await TwoRunsAsync([$"slack {service.Address}s"], _workspace.Options);
        Assert.Equal(2, service.Calls.Count);
        Assert.True(results[1].Delivered);
        Assert.Contains("told by the run that this one finishes", results[1].Detail, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_kept_is_for_the_owner_only_and_holds_no_address()
    {
        await using var discord = await FakeService.StartAsync((_, _) => new(200, """{"id":"42"}"""), Cancellation);
        var run = _workspace.Begin();
        using var announcer = Announcer.Create([$"discord {discord.Address}api/webhooks/1/SECRETSECRETSECRET"], _workspace.Options, run);
        await announcer.SayAsync(Workspace.Start(run), Cancellation);
        var file = Path.Combine(run.Folder!, IncidentMemory.FileName);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains("\"id\": \"42\"", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.DoesNotContain("SECRETSECRETSECRET", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("not json")]
    [InlineData("""{"version":99,"firstRun":"x","messages":{},"told":[]}""")]
    [InlineData("""{"version":1,"firstRun":"20260101T000000Z-aaaa","messages":{"k":{"channel":"c","id":"../../x"}},"told":[]}""")]
    [InlineData("""{"version":1,"firstRun":null}""")]
    public async Task A_damaged_memory_costs_no_more_than_a_second_message(string content)
    {
        await using var discord = await FakeService.StartAsync((_, _) => new(200, """{"id":"42"}"""), Cancellation);
        var killed = _workspace.Begin();
        File.WriteAllText(Path.Combine(killed.Folder!, IncidentMemory.FileName), content);
        var run = _workspace.Begin();
        using var announcer = Announcer.Create([$"discord {discord.Address}d"], _workspace.Options, run);
        announcer.TakeUp(killed.Id);
        announcer.TakeUp("../../etc");
        Assert.True(Assert.Single(await announcer.SayAsync(Workspace.Told(run, Moment.Success), Cancellation)).Delivered);
        Assert.Equal("POST", Assert.Single(discord.Calls).Method);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_run_folder_that_is_gone_fails_no_announcement()
    {
        await using var discord = await FakeService.StartAsync((_, _) => new(200, """{"id":"42"}"""), Cancellation);
        var run = _workspace.Begin();
        using var announcer = Announcer.Create([$"discord {discord.Address}d"], _workspace.Options, run);
        Directory.Delete(run.Folder!, recursive: true);
        Assert.True(Assert.Single(await announcer.SayAsync(Workspace.Start(run), Cancellation)).Delivered);
        Assert.Contains("can't be written", _workspace.Said, StringComparison.Ordinal);
    }

    private AnnouncerOptions GitHub(FakeService github) => _workspace.Options with { GitHubToken = "ghp-t", GitHubApiUrl = $"{github.Address}api/v3" };

    // A run that starts and is killed, and another that takes it up, starts again and succeeds.
    private async Task<List<AnnouncementResult>> TwoRunsAsync(string[] lines, AnnouncerOptions options, string incident = "INC-42")
    {
        var killed = _workspace.Begin();
        List<AnnouncementResult> results = [];
        using (var announcer = Announcer.Create(lines, options, killed))
            results.AddRange(await announcer.SayAsync(Workspace.Start(killed) with { Incident = incident }, Cancellation));
        var run = _workspace.Begin();
        using var second = Announcer.Create(lines, options, run);
        second.TakeUp(killed.Id);
        results.AddRange(await second.SayAsync(Workspace.Start(run) with { Incident = incident }, Cancellation));
        results.AddRange(await second.SayAsync(Workspace.Told(run, Moment.Success) with { Incident = incident }, Cancellation));
        return results;
    }
}
