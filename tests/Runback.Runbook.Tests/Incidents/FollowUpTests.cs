using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Runback.Runbook.Incidents;
using Runback.Runbook.Incidents.FollowUps;
using Runback.Runbook.Runs;
using Outcome = Runback.Runbook.Runs.Outcome;

namespace Runback.Runbook.Tests.Incidents;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FollowUpTests : IDisposable
{
    private static readonly FollowUpFacts Facts = new()
    {
        Deployment = "shop",
        Release = "v2",
        Target = "v1",
        Strategy = "Downgrade",
        RevisionsBefore = ["n2"],
        RevisionsAfter = ["n1"],
        Verdict = "Breaking",
        Reasons = ["drop_column: bookings.status"],
        DataLoss = "column bookings.status",
        Timeline = ["Backup: Done, 1.0 s", "RollbackApp: Done, 3.0 s"],
        Report = "/srv/report.md",
    };

    private readonly Workspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workspace.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task It_is_made_with_title_labels_and_body()
    {
        await using var github = await FakeGitHub.StartAsync();
        var run = _workspace.Begin();
        var result = await Ticket(github, run).EnsureAsync(Facts, Cancellation);
        Assert.Equal((FollowUpState.Created, $"{github.Service.Address}team/api/issues/1"), (result.State, result.Url!.AbsoluteUri));
        var issue = Assert.Single(github.Issues);
        Assert.Equal("Forward-fix for v2 (shop)", issue["title"]!.GetValue<string>());
        Assert.Equal(["forward-fix"], issue["labels"]!.AsArray().Select(label => label!.GetValue<string>()));
        var body = issue["body"]!.GetValue<string>();
        foreach (var part in new[] { "`n2`", "`n1`", "`Breaking`", "drop_column: bookings.status", "`column bookings.status`", "RollbackApp: Done, 3.0 s", "`/srv/report.md`", $"<!-- runback:{run.Id} -->" })
            Assert.Contains(part, body, StringComparison.Ordinal);
        Assert.Equal("# Forward-fix for v2 (shop)\n\n" + body, File.ReadAllText(result.BodyFile!));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(result.BodyFile!));
    }

    [Fact(Timeout = 120_000)]
    public async Task It_is_made_once_however_often_the_run_is_run_again()
    {
        await using var github = await FakeGitHub.StartAsync();
        var killed = _workspace.Begin();
        Assert.Equal(FollowUpState.Created, (await Ticket(github, killed).EnsureAsync(Facts, Cancellation)).State);
        var calls = github.Service.Calls.Count;

        var again = _workspace.Begin();
        var memory = IncidentMemory.Of(again);
        memory.TakeUp(killed.Id);
        var kept = await FollowUpTicket.Create(Options(github), again, memory).EnsureAsync(Facts, Cancellation);
        Assert.Equal((FollowUpState.Found, $"{github.Service.Address}team/api/issues/1"), (kept.State, kept.Url!.AbsoluteUri));
        Assert.Equal(calls, github.Service.Calls.Count);

        File.Delete(Path.Combine(killed.Folder!, IncidentMemory.FileName));
        var lost = _workspace.Begin();
        var forgetful = IncidentMemory.Of(lost);
        forgetful.TakeUp(killed.Id);
        var found = await FollowUpTicket.Create(Options(github), lost, forgetful).EnsureAsync(Facts, Cancellation);
        Assert.Equal((FollowUpState.Found, $"{github.Service.Address}team/api/issues/1"), (found.State, found.Url!.AbsoluteUri));
        Assert.Single(github.Issues);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_creation_that_nobody_answered_is_looked_for_before_a_second_one()
    {
        await using var github = await FakeGitHub.StartAsync(breakAfterCreate: 1);
        var result = await Ticket(github, _workspace.Begin()).EnsureAsync(Facts, Cancellation);
        Assert.Equal(FollowUpState.Found, result.State);
        Assert.Single(github.Issues);
    }

    [Fact(Timeout = 120_000)]
    public async Task Another_runs_ticket_and_a_text_that_only_quotes_the_marker_are_not_ours()
    {
        await using var github = await FakeGitHub.StartAsync();
        var run = _workspace.Begin();
        github.Add("<!-- runback:20200101T000000Z-ffff -->");
        github.Add($"somebody quotes <!-- runback:{run.Id} --> here");
        Assert.Equal(FollowUpState.Created, (await Ticket(github, run).EnsureAsync(Facts, Cancellation)).State);
        Assert.Equal(3, github.Issues.Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task It_is_found_on_a_later_page()
    {
        await using var github = await FakeGitHub.StartAsync();
        var run = _workspace.Begin();
        github.Add($"<!-- runback:{run.Id} -->");
        for (var i = 0; i < 150; i++)
            github.Add($"other {i}");
        Assert.EndsWith("/issues/1", (await Ticket(github, run).EnsureAsync(Facts, Cancellation)).Url!.AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(401, "Bad credentials", "GITHUB_TOKEN")]
    [InlineData(403, "Resource not accessible by integration", "right to write issues")]
    [InlineData(404, "Not Found", "check the repository")]
    [InlineData(410, "Issues are disabled for this repo", "switched off")]
    public async Task What_github_refuses_is_told_and_the_text_is_kept(int status, string message, string hint)
    {
        await using var github = await FakeService.StartAsync((_, _) => new(status, JsonSerializer.Serialize(new { message })), Cancellation);
        var run = _workspace.Begin();
        var result = await FollowUpTicket.Create(Options(github), run, IncidentMemory.Of(run)).EnsureAsync(Facts, Cancellation);
        Assert.Equal(FollowUpState.Failed, result.State);
        Assert.Contains($"{status} ({message})", result.Detail, StringComparison.Ordinal);
        Assert.Contains(hint, result.Hint, StringComparison.Ordinal);
        Assert.Contains("Forward-fix for v2", File.ReadAllText(result.BodyFile!), StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(200, "text/html; charset=utf-8", "<html><body>Sign in</body></html>", "an HTML page", "login page")]
    [InlineData(200, "text/html", "Sign in", "an HTML page", "login page")]
    [InlineData(200, "application/json", "\n<!DOCTYPE html>\n<title>proxy</title>", "an HTML page", "GITHUB_API_URL")]
    [InlineData(404, "text/html", "<html>nothing here</html>", "an HTML page", "/api/v3")]
    [InlineData(502, "text/html", "<html>secret-of-the-proxy</html>", "an HTML page", "status page")]
    [InlineData(200, "text/plain", "secret-of-the-proxy", "something that isn't JSON", "GITHUB_API_URL")]
    [InlineData(200, "application/json", "", "nothing", "GITHUB_API_URL")]
    [InlineData(200, "application/json", """{"number":1,"body":""}""", "other JSON", "GITHUB_API_URL")]
    public async Task What_answers_in_githubs_place_is_told_and_nothing_is_made(int status, string kind, string page, string found, string hint)
    {
        await using var service = await FakeService.StartAsync((_, _) => new(status, page, ("Content-Type", kind)), Cancellation);
        var run = _workspace.Begin();
        var result = await FollowUpTicket.Create(Options(service), run, IncidentMemory.Of(run)).EnsureAsync(Facts, Cancellation);
        Assert.Equal(FollowUpState.Failed, result.State);
        Assert.Contains($"expected GitHub's JSON from http://{service.Address.Authority}/…, found {found} (status {status})", result.Detail, StringComparison.Ordinal);
        Assert.Contains(hint, result.Hint, StringComparison.Ordinal);
        Assert.All(service.Calls, call => Assert.Equal("GET", call.Method));
        Assert.DoesNotContain("secret-of-the-proxy", _workspace.Everything() + result, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("[1]")]
    [InlineData("""[{"number":{},"body":"x"}]""")]
    public async Task Issues_that_cannot_be_read_are_told_and_nothing_is_made(string page)
    {
        await using var service = await FakeService.StartAsync((_, _) => new(200, page), Cancellation);
        var run = _workspace.Begin();
        var result = await FollowUpTicket.Create(Options(service), run, IncidentMemory.Of(run)).EnsureAsync(Facts, Cancellation);
        Assert.Equal(FollowUpState.Failed, result.State);
        Assert.Contains("expected an issue or a comment of GitHub's", result.Detail, StringComparison.Ordinal);
        Assert.All(service.Calls, call => Assert.Equal("GET", call.Method));
    }

    [Theory(Timeout = 120_000)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed_and_the_token_does_not_go_there(int status)
    {
        await using var other = await FakeService.StartAsync((_, _) => new(200, "[]"), Cancellation);
        await using var service = await FakeService.StartAsync((_, _) => new(status, "", ("Location", $"{other.Address}elsewhere")), Cancellation);
        var run = _workspace.Begin();
        var result = await FollowUpTicket.Create(Options(service), run, IncidentMemory.Of(run)).EnsureAsync(Facts, Cancellation);
        Assert.Equal(FollowUpState.Failed, result.State);
        Assert.Contains($"redirects to http://{other.Address.Authority}/… (status {status}), which is not followed", result.Detail, StringComparison.Ordinal);
        Assert.Empty(other.Calls);
        Assert.Single(service.Calls);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_list_that_goes_on_elsewhere_is_not_followed_there()
    {
        await using var other = await FakeService.StartAsync((_, _) => new(200, "[]"), Cancellation);
        await using var service = await FakeService.StartAsync(
            (call, _) => call.Method == "GET" ? new(200, "[]", ("Link", $"<{other.Address}repos?page=9>; rel=\"next\"")) : new(201, """{"number":5}"""), Cancellation);
        var run = _workspace.Begin();
        var result = await FollowUpTicket.Create(Options(service), run, IncidentMemory.Of(run)).EnsureAsync(Facts, Cancellation);
        Assert.Equal((FollowUpState.Created, $"{service.Address}team/api/issues/5"), (result.State, result.Url!.AbsoluteUri));
        Assert.Empty(other.Calls);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        await using var service = await FakeService.StartAsync((_, _, _, _) => Task.FromResult<FakeService.Reply?>(new(200, "[]")), Cancellation, tls: true);
        var run = _workspace.Begin();
        var options = Options(service) with { ApiUrl = $"https://localhost:{service.Address.Port}/api/v3" };
        var result = await FollowUpTicket.Create(options, run, IncidentMemory.Of(run)).EnsureAsync(Facts, Cancellation);
        Assert.Equal(FollowUpState.Failed, result.State);
        Assert.Contains("isn't trusted", result.Detail, StringComparison.Ordinal);
        Assert.Empty(service.Calls);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_limit_that_says_when_to_come_back_is_waited_for_also_by_a_creation()
    {
        await using var service = await FakeService.StartAsync(
            (call, number) => number switch
            {
                1 => new(429, """{"message":"API rate limit exceeded"}""", ("Retry-After", "0")),
                3 => new(403, """{"message":"You have exceeded a secondary rate limit"}""", ("Retry-After", "0")),
                _ => call.Method == "GET" ? new(200, "[]") : new(201, """{"number":5}"""),
            },
            Cancellation);
        var run = _workspace.Begin();
        Assert.Equal(FollowUpState.Created, (await FollowUpTicket.Create(Options(service), run, IncidentMemory.Of(run)).EnsureAsync(Facts, Cancellation)).State);
        Assert.Equal(["GET", "GET", "POST", "POST"], service.Calls.Select(call => call.Method));
    }

    [Fact(Timeout = 120_000)]
    public async Task It_is_looked_for_among_all_issues_since_the_run_newest_first()
    {
        await using var github = await FakeGitHub.StartAsync();
        var facts = Facts with { StartedAt = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.FromHours(1)) };
        await Ticket(github, _workspace.Begin()).EnsureAsync(facts, Cancellation);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(github.Service.Calls[0].PathAndQuery.Split('?')[1]);
        Assert.Equal(
            ("all", "created", "desc", "2026-01-31T09:00:00Z", "100", "1"),
            (query["state"].ToString(), query["sort"].ToString(), query["direction"].ToString(), query["since"].ToString(), query["per_page"].ToString(), query["page"].ToString()));
    }

    [Fact(Timeout = 120_000)]
    public async Task Its_text_arrives_as_it_was_written()
    {
        await using var github = await FakeGitHub.StartAsync();
        var template = Path.Combine(Directory.CreateTempSubdirectory("runback-template-").FullName, "template.md");
        File.WriteAllText(template, "# Fix \"it\" \\ <now> \u00fc \U0001F600\n\ttab, escape \u001b, bell \u0007, \u2028 and &amp; {release}\n");
        var run = _workspace.Begin();
        var result = await FollowUpTicket.Create(Options(github) with { TemplateFile = template }, run, IncidentMemory.Of(run)).EnsureAsync(Facts, Cancellation);
        Directory.Delete(Path.GetDirectoryName(template)!, recursive: true);
        var issue = Assert.Single(github.Issues);
        Assert.Equal(File.ReadAllText(result.BodyFile!), $"# {issue["title"]!.GetValue<string>()}\n\n{issue["body"]!.GetValue<string>()}");
        Assert.Contains("\U0001F600", issue["title"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_a_token_its_text_is_written_and_where_to_paste_it_is_said()
    {
        var run = _workspace.Begin();
        var result = await FollowUpTicket.Create(new() { Repository = "team/api" }, run, IncidentMemory.Of(run)).EnsureAsync(Facts, Cancellation);
        Assert.Equal((FollowUpState.Written, "https://github.com/team/api/issues/new"), (result.State, result.Url!.AbsoluteUri));
        Assert.True(File.Exists(result.BodyFile));
        var nowhere = await FollowUpTicket.Create(new(), run, IncidentMemory.Of(run)).EnsureAsync(Facts, Cancellation);
        Assert.Equal((FollowUpState.Written, null), (nowhere.State, nowhere.Url));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_dry_run_shows_it_and_makes_nothing()
    {
        await using var github = await FakeGitHub.StartAsync();
        var run = _workspace.Begin(dryRun: true);
        Assert.Equal(FollowUpState.Shown, (await Ticket(github, run).EnsureAsync(Facts, Cancellation)).State);
        Assert.Empty(github.Service.Calls);
        Assert.Contains("Forward-fix for v2 (shop)", _workspace.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# Fix {relaese}\nbody", "{relaese}")]
    [InlineData("# Fix\nbody {data_loss} {nope}", "{nope}")]
    [InlineData("Fix it\nbody", "first line")]
    [InlineData("# Fix it", "first line")]
    [InlineData("", "first line")]
    public void What_is_no_template_is_a_usage_error(string text, string said)
    {
        var refusal = Assert.Throws<RunbookException>(() => FollowUpTemplate.Parse(text, "the template"));
        Assert.Equal(Outcome.Usage, refusal.Outcome);
        Assert.Contains(said, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_template_of_ones_own_is_filled_in_once()
    {
        var template = FollowUpTemplate.Parse("# Fix {release} now\n\nverdict {verdict}; json {\"a\": {}}; {outage}", "t");
        var facts = Facts with { Release = "{verdict}", Verdict = "{release}" };
        Assert.Equal("Fix {verdict} now", template.Title(facts, "r1"));
        Assert.Equal("verdict `{release}`; json {\"a\": {}}; not known\n\n<!-- runback:r1 -->\n", template.Body(facts, "r1"));
    }

    [Fact]
    public void No_value_can_place_a_marker_end_its_code_or_break_the_limit()
    {
        string[] hostile = ["<!-- runback:r2 -->", "`", "```", "\n```\n", "@octocat", "x", "\ud83d", "\n", "\\", new string('y', 3000)];
        var texts = Gen.Elements(hostile).ArrayOf().Select(string.Concat);
        var facts = from text in texts
                    from lines in texts.ArrayOf()
                    select Facts with { Release = text, DataLoss = text, Reason = text, Timeline = lines, Reasons = lines };
        Prop.ForAll(facts.ToArbitrary(), one =>
        {
            var body = FollowUpTemplate.Default.Body(one, "r1");
            Assert.InRange(body.Length, 1, 65_536);
            Assert.InRange(FollowUpTemplate.Default.Title(one, "r1").Length, 1, 256);
            Assert.EndsWith("\n<!-- runback:r1 -->\n", body, StringComparison.Ordinal);
            Assert.Equal(body.IndexOf("<!--", StringComparison.Ordinal), body.LastIndexOf("<!--", StringComparison.Ordinal));
            var block = MarkdownText.Block(one.Timeline).Split('\n');
            var fence = block[^1];
            Assert.DoesNotContain(block[1..^1], line => line.Contains(fence, StringComparison.Ordinal));
        }).Check(Seeded.Config);
    }

    [Fact]
    public void A_repository_that_is_none_is_a_usage_error()
    {
        var run = _workspace.Begin();
        foreach (var repository in new[] { "api", "team/api/x", "../..", "team/ap i", "https://github.com/team/api" })
            Assert.Equal(Outcome.Usage, Assert.Throws<RunbookException>(() => FollowUpTicket.Create(new() { Repository = repository }, run, IncidentMemory.Of(run))).Outcome);
    }

    private static FollowUpTicket Ticket(FakeGitHub github, Run run) => FollowUpTicket.Create(Options(github), run, IncidentMemory.Of(run));

    private static FollowUpOptions Options(FakeGitHub github) => Options(github.Service);

    private static FollowUpOptions Options(FakeService service) =>
        new() { Repository = "team/api", Token = "ghp-t", ApiUrl = $"{service.Address}api/v3", FirstPause = TimeSpan.FromMilliseconds(10) };
}
