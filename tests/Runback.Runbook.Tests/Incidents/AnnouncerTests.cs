using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Runback.Runbook.Incidents;

namespace Runback.Runbook.Tests.Incidents;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class AnnouncerTests : IDisposable
{
    private static readonly FakeService.Reply Ok = new(200, "ok");
    private readonly Workspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _workspace.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task All_webhooks_get_their_own_form()
    {
        await using var service = await FakeService.StartAsync((_, _) => Ok, Cancellation);
        var results = await SayAsync([$"slack {service.Address}s", $"teams {service.Address}t", $"webhook {service.Address}w"]);
        Assert.All(results, result => Assert.True(result is { Delivered: true, Attempts: 1, Detail: "sent" }));
        Assert.Equal([$"slack http://{service.Address.Authority}/…", $"teams http://{service.Address.Authority}/…", $"webhook http://{service.Address.Authority}/…"], results.Select(result => result.Channel));
        Assert.Equal("header", Body(service, "/s")["blocks"]![0]!["type"]!.GetValue<string>());
        Assert.Equal("AdaptiveCard", Body(service, "/t")["attachments"]![0]!["content"]!["type"]!.GetValue<string>());
        Assert.Equal("runback.start", Body(service, "/w")["event"]!.GetValue<string>());
    }

    [Fact(Timeout = 120_000)]
    public async Task Too_many_requests_is_tried_again_after_the_time_that_was_asked_for()
    {
        await using var service = await FakeService.StartAsync((_, number) => number == 1 ? new(429, "", ("Retry-After", "1")) : Ok, Cancellation);
        var clock = Stopwatch.StartNew();
        var result = Assert.Single(await SayAsync([$"slack {service.Address}s"]));
        Assert.True(result is { Delivered: true, Attempts: 2 });
        Assert.True(clock.Elapsed > TimeSpan.FromSeconds(0.95), $"{clock.Elapsed}");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_wait_beyond_the_deadline_is_said_at_once_instead_of_waited_for()
    {
        await using var service = await FakeService.StartAsync((_, _) => new(503, "", ("Retry-After", "3600")), Cancellation);
        var result = Assert.Single(await SayAsync([$"slack {service.Address}s"]));
        Assert.False(result.Delivered);
        Assert.Contains("503, to be asked again in 1 h 0 min", result.Detail, StringComparison.Ordinal);
        Assert.Single(service.Calls);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_server_error_that_passes_is_no_failure()
    {
        await using var service = await FakeService.StartAsync((_, number) => number <= 2 ? new(500, "rollup_error") : Ok, Cancellation);
        Assert.True(Assert.Single(await SayAsync([$"slack {service.Address}s"])) is { Delivered: true, Attempts: 3 });
    }

    [Theory(Timeout = 120_000)]
    [InlineData(404, "no_service", "answered 404 (no_service)", "is gone")]
    [InlineData(410, "channel_is_archived", "answered 410 (channel_is_archived)", "is gone")]
    [InlineData(403, "action_prohibited", "answered 403 (action_prohibited)", "isn't allowed")]
    [InlineData(400, "invalid_payload", "answered 400 (invalid_payload)", "didn't take the message")]
    public async Task A_refusal_is_reported_with_what_to_do_and_not_tried_again(int status, string body, string said, string hint)
    {
        await using var service = await FakeService.StartAsync((_, _) => new(status, body), Cancellation);
        var result = Assert.Single(await SayAsync([$"slack {service.Address}s"]));
        Assert.False(result.Delivered);
        Assert.Contains(said, result.Detail, StringComparison.Ordinal);
        Assert.Contains(hint, result.Hint, StringComparison.Ordinal);
        Assert.Single(service.Calls);
        Assert.Contains(said, _workspace.Said, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_redirect_is_not_followed_and_no_credential_goes_there()
    {
        await using var other = await FakeService.StartAsync((_, _) => Ok, Cancellation);
        await using var service = await FakeService.StartAsync((_, _) => new(307, "", ("Location", $"{other.Address}elsewhere?token=abcdefgh12345678")), Cancellation);
        var result = Assert.Single(await SayAsync(["slack-bot #incidents"], _workspace.Options with { SlackToken = "xoxb-secret-token", SlackApiUrl = $"{service.Address}api" }));
        Assert.False(result.Delivered);
        Assert.Contains($"redirects to {other.Address.Scheme}://{other.Address.Authority}/… (status 307)", result.Detail, StringComparison.Ordinal);
        Assert.Empty(other.Calls);
        Assert.DoesNotContain("abcdefgh12345678", _workspace.Everything(), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_host_that_does_not_exist_is_named()
    {
        var result = Assert.Single(await SayAsync(["slack https://hooks.invalid/services/SECRETSECRETSECRET"], _workspace.Options with { Limit = TimeSpan.FromSeconds(5) }));
        Assert.False(result.Delivered);
        Assert.DoesNotContain("SECRETSECRETSECRET", _workspace.Everything(), StringComparison.Ordinal);
        Assert.Contains("hooks.invalid", result.Detail + result.Channel, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        await using var service = await FakeService.StartAsync((_, _, _, _) => Task.FromResult<FakeService.Reply?>(Ok), Cancellation, tls: true);
        var result = Assert.Single(await SayAsync([$"slack https://localhost:{service.Address.Port}/s"]));
        Assert.True(result is { Delivered: false, Attempts: 1 });
        Assert.Contains("isn't trusted", result.Detail, StringComparison.Ordinal);
        Assert.Empty(service.Calls);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_connection_that_breaks_is_tried_again()
    {
        await using var service = await FakeService.StartAsync(
            (_, number, _, context) =>
            {
                if (number == 1)
                    context.Abort();
                return Task.FromResult(number == 1 ? null : Ok);
            },
            Cancellation);
        Assert.True(Assert.Single(await SayAsync([$"slack {service.Address}s"])) is { Delivered: true, Attempts: 2 });
    }

    [Fact(Timeout = 120_000)]
    public async Task A_connection_that_is_half_closed_ends_within_the_deadline()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var accepting = Task.Run(async () =>
        {
            // Takes every request, says it will answer no more, and reads on.
            var open = new List<Socket>();
            try
            {
                while (true)
                {
                    var socket = await listener.AcceptSocketAsync(ending.Token);
                    open.Add(socket);
                    await socket.ReceiveAsync(new byte[65536], ending.Token);
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
            catch (OperationCanceledException)
            {
                open.ForEach(socket => socket.Dispose());
            }
        }, Cancellation);
        var result = Assert.Single(await SayAsync([$"webhook http://{listener.LocalEndpoint}/x"], _workspace.Options with { Limit = TimeSpan.FromSeconds(2) }));
        Assert.False(result.Delivered);
        Assert.Contains("broke before it answered", result.Detail, StringComparison.Ordinal);
        await ending.CancelAsync();
        await accepting;
    }

    [Fact(Timeout = 120_000)]
    public async Task A_channel_that_hangs_delays_no_other_and_ends_at_the_deadline()
    {
        await using var hanging = await FakeService.StartAsync(
            async (_, _, server, _) =>
            {
                await Task.Delay(Timeout.Infinite, server.Ending).ContinueWith(_ => { }, TaskScheduler.Default);
                return null;
            },
            Cancellation);
        DateTimeOffset? arrived = null;
        await using var quick = await FakeService.StartAsync(
            (_, _) =>
            {
                arrived = DateTimeOffset.UtcNow;
                return Ok;
            },
            Cancellation);
        var begun = DateTimeOffset.UtcNow;
        var results = await SayAsync([$"slack {hanging.Address}s", $"webhook {quick.Address}w"], _workspace.Options with { Limit = TimeSpan.FromSeconds(3) });
        var took = DateTimeOffset.UtcNow - begun;
        Assert.Equal([false, true], results.Select(result => result.Delivered));
        Assert.Contains("no answer", results[0].Detail, StringComparison.Ordinal);
        Assert.InRange(took.TotalSeconds, 2.5, 8);
        Assert.InRange((arrived!.Value - begun).TotalSeconds, 0, 2.5);
        Assert.InRange((results[1].At - begun).TotalSeconds, 0, 2.5);
    }

    [Fact(Timeout = 120_000)]
    public async Task Work_that_goes_on_meanwhile_does_not_turn_the_order_round()
    {
        await using var service = await FakeService.StartAsync(
            async (_, number, _, _) =>
            {
                await Task.Delay(number == 1 ? 500 : 0, Cancellation);
                return Ok;
            },
            Cancellation);
        var run = _workspace.Begin();
        using var announcer = Announcer.Create([$"webhook {service.Address}w"], _workspace.Options, run);
        var start = announcer.SayAsync(Workspace.Start(run), Cancellation);
        var success = announcer.SayAsync(Workspace.Told(run, Moment.Success), Cancellation);
        await Task.WhenAll(start, success);
        Assert.Equal(["runback.start", "runback.success"], service.Calls.Select(call => call.Body!["event"]!.GetValue<string>()));
        Assert.Equal([Moment.Start, Moment.Success], announcer.Results.Select(result => result.Moment));
    }

    [Fact(Timeout = 120_000)]
    public async Task An_interruption_is_a_result_and_no_exception()
    {
        await using var service = await FakeService.StartAsync((_, _) => Ok, Cancellation);
        using var interrupted = new CancellationTokenSource();
        await interrupted.CancelAsync();
        var run = _workspace.Begin();
        using var announcer = Announcer.Create([$"webhook {service.Address}w"], _workspace.Options, run);
        Assert.Equal("interrupted", Assert.Single(await announcer.SayAsync(Workspace.Start(run), interrupted.Token)).Detail);
    }

    [Fact(Timeout = 120_000)]
    public async Task Secrets_stay_out_of_messages_results_and_files()
    {
        await using var service = await FakeService.StartAsync(
            (call, _) => new(403, $"{{\"ok\":false,\"error\":\"no {call.Authorization}\",\"message\":\"xoxb-other-token-0123456789\"}}"), Cancellation);
        var run = _workspace.Begin();
        run.Secrets.Add("database-password-1");
        using var announcer = Announcer.Create(
            [$"webhook {service.Address}hooks/SECRETSECRETSECRET", "slack-bot #incidents"], _workspace.Options with { SlackToken = "xoxb-mine-0123456789", SlackApiUrl = $"{service.Address}api" }, run);
        await announcer.SayAsync(Workspace.Start(run) with { Moment = Moment.Failure, Summary = "login failed with database-password-1" }, Cancellation);
        Assert.All(service.Calls, call => Assert.DoesNotContain("database-password-1", call.Body!.ToJsonString(), StringComparison.Ordinal));
        var everything = _workspace.Everything() + string.Join('\n', announcer.Results);
        foreach (var secret in new[] { "SECRETSECRETSECRET", "xoxb-mine", "xoxb-other", "database-password-1" })
            Assert.DoesNotContain(secret, everything, StringComparison.Ordinal);
        Assert.Contains("answered 403", everything, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_dry_run_shows_the_message_and_sends_nothing()
    {
        await using var service = await FakeService.StartAsync((_, _) => Ok, Cancellation);
        var run = _workspace.Begin(dryRun: true);
        using var announcer = Announcer.Create([$"slack {service.Address}s"], _workspace.Options, run);
        var result = Assert.Single(await announcer.SayAsync(Workspace.Start(run), Cancellation));
        Assert.True(result is { Delivered: false, Attempts: 0, Detail: "dry run, nothing was sent" });
        Assert.Empty(service.Calls);
        Assert.Contains("Rollback of shop has started: v2 to v1", _workspace.Said, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<AnnouncementResult>> SayAsync(string[] lines, AnnouncerOptions? options = null)
    {
        var run = _workspace.Begin();
        using var announcer = Announcer.Create(lines, options ?? _workspace.Options, run);
        return await announcer.SayAsync(Workspace.Start(run), Cancellation);
    }

    private static System.Text.Json.Nodes.JsonNode Body(FakeService service, string path) =>
        service.Calls.Single(call => call.Path == path).Body!;
}
