using Microsoft.AspNetCore.Http;
using Runback.Runbook.Tests.Releases;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Tests.Verification;

public sealed class HttpProbeTests
{
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    [Fact(Timeout = 120_000)]
    public async Task An_answer_is_read_with_its_status_body_and_type()
    {
        var probe = await AskAsync((_, context) => FakeRegistry.Answer(context, 200, "{\"ok\":true}"));
        Assert.Equal((200, "{\"ok\":true}", "application/json", true), (probe.Status, probe.Body, probe.ContentType, probe.IsSuccess));
        Assert.Equal("200", probe.Found);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_redirect_is_not_followed_and_is_no_success()
    {
        var asked = new List<string>();
        var probe = await AskAsync((_, context) =>
        {
            lock (asked)
                asked.Add(context.Request.Path);
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        Assert.False(probe.IsSuccess);
        Assert.Equal("302, a redirect", probe.Found);
        Assert.Equal(["/healthz"], asked);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_server_that_hangs_is_given_up_on_after_the_limit()
    {
        var probe = await AskAsync((server, _) => Task.Delay(Timeout.Infinite, server.Ending), TimeSpan.FromSeconds(0.5));
        Assert.Null(probe.Status);
        Assert.Equal("no answer within 0.5 s", probe.Found);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_body_that_never_ends_is_given_up_on_after_the_limit()
    {
        var probe = await AskAsync(
            async (server, context) =>
            {
                await context.Response.WriteAsync("{");
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, server.Ending);
            },
            TimeSpan.FromSeconds(0.5));
        Assert.Equal("no answer within 0.5 s", probe.Found);
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_a_huge_body_only_the_beginning_is_read()
    {
        var chunk = new byte[1 << 16];
        Array.Fill(chunk, (byte)'a');
        var sent = 0L;
        var probe = await AskAsync(async (_, context) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
                Interlocked.Add(ref sent, chunk.Length);
            }
        });
        Assert.Equal(200, probe.Status);
        Assert.InRange(probe.Body.Length, 1 << 20, (1 << 20) + 8192);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_connection_cut_in_the_middle_of_an_answer_is_a_failure()
    {
        var probe = await AskAsync(async (_, context) =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        Assert.Null(probe.Status);
        Assert.NotEmpty(probe.Failure!);
    }

    [Fact(Timeout = 120_000)]
    public async Task Nobody_listening_is_a_failure_that_says_so()
    {
        Uri gone;
        await using (var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask, TestContext.Current.CancellationToken))
            gone = server.Address;
        using var http = new HttpProbe();
        var probe = await http.GetAsync(gone, Patient, TestContext.Current.CancellationToken);
        Assert.Null(probe.Status);
        Assert.Contains("refused", probe.Found, StringComparison.OrdinalIgnoreCase);
    }

    [Fact(Timeout = 120_000)]
    public async Task Something_that_does_not_speak_http_is_a_failure()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);
        using var http = new HttpProbe();
        var probe = await http.GetAsync(new Uri($"http://{listener.LocalEndpoint}/"), Patient, TestContext.Current.CancellationToken);
        await answering;
        Assert.Null(probe.Status);
        Assert.NotEmpty(probe.Failure!);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_bearer_token_is_sent_and_the_callers_own_cancellation_is_not_swallowed()
    {
        await using var server = await LoopbackServer.StartAsync((server, context) => context.Request.Path == "/hang" ? Task.Delay(Timeout.Infinite, server.Ending) : Task.CompletedTask, TestContext.Current.CancellationToken);
        using var http = new HttpProbe();
        await http.GetAsync(new Uri(server.Address, "/metrics"), Patient, TestContext.Current.CancellationToken, "token");
        Assert.Equal("Bearer token", server.Requests[^1].Authorization);

        using var cancellation = new CancellationTokenSource();
        var asking = http.GetAsync(new Uri(server.Address, "/hang"), Patient, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private static async Task<ProbeResult> AskAsync(Func<LoopbackServer, HttpContext, Task> handle, TimeSpan? limit = null)
    {
        await using var server = await LoopbackServer.StartAsync(handle, TestContext.Current.CancellationToken);
        using var http = new HttpProbe();
        return await http.GetAsync(new Uri(server.Address, "/healthz"), limit ?? Patient, TestContext.Current.CancellationToken);
    }
}
