using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Runback.Runbook.Releases;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Releases;

public sealed class RegistryFailureTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData(401, RegistryFault.Unauthorized, "docker login")]
    [InlineData(403, RegistryFault.Forbidden, "docker login")]
    [InlineData(404, RegistryFault.NotFound, "image")]
    [InlineData(429, RegistryFault.TooManyRequests, "try again")]
    [InlineData(500, RegistryFault.ServerError, "log")]
    [InlineData(503, RegistryFault.ServerError, "log")]
    [InlineData(418, RegistryFault.BadAnswer, "proxy")]
    public async Task Each_refusal_says_what_to_do(int status, RegistryFault fault, string hint)
    {
        await using var registry = await AnsweringAsync(status, """{"errors":[{"code":"DENIED","message":"the token eyJhbGciOi was refused"}]}""");
        using var client = registry.Client();
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.Equal(fault, refusal.Fault);
        Assert.Equal(Outcome.Refused, refusal.Outcome);
        Assert.Contains($"{status}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("DENIED", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(hint, refusal.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJhbGciOi", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_may_pass_is_tried_again(int status)
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Push("a");
        var refusals = 2;
        registry.First = async context =>
        {
            if (context.Request.Path == "/v2/" || refusals-- <= 0)
                return false;
            context.Response.Headers.RetryAfter = "0";
            await FakeRegistry.Answer(context, status, "{}");
            return true;
        };
        using var client = registry.Client();
        Assert.Equal(["a"], await client.TagsAsync(Stop));
        Assert.Equal(3, registry.Requests.Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task Retry_after_is_waited_for_when_there_is_time()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.Push("a");
        var refused = false;
        registry.First = async context =>
        {
            if (context.Request.Path == "/v2/" || refused)
                return false;
            refused = true;
            context.Response.Headers.RetryAfter = "1";
            await FakeRegistry.Answer(context, 429, "{}");
            return true;
        };
        using var client = registry.Client();
        var watch = Stopwatch.StartNew();
        Assert.Equal(["a"], await client.TagsAsync(Stop));
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.95), $"{watch.Elapsed}");
    }

    [Fact(Timeout = 120_000)]
    public async Task Retry_after_beyond_the_time_there_is_ends_at_once_and_says_when()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.First = async context =>
        {
            context.Response.Headers.RetryAfter = "3600";
            await FakeRegistry.Answer(context, 429, "{}");
            return true;
        };
        using var client = registry.Client();
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.Contains("in 3600 s", refusal.Hint, StringComparison.Ordinal);
        Assert.Single(registry.Requests);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_404_is_not_tried_again()
    {
        await using var registry = await AnsweringAsync(404, "{}");
        using var client = registry.Client();
        await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.Single(registry.Requests);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_registry_that_is_down_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var authority = listener.LocalEndpoint.ToString()!;
        listener.Stop();
        using var client = new RegistryClient(ImageReference.Parse($"{authority}/team/api"), FakeRegistry.Quick);
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.Equal(RegistryFault.Unreachable, refusal.Fault);
        Assert.Contains(authority, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("refused", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_registry_that_hangs_is_given_up()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.First = async context =>
        {
            if (context.Request.Path == "/v2/")
                return false;
            await Task.Delay(Timeout.Infinite, registry.Ending).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        using var client = registry.Client(FakeRegistry.Quick with { AttemptTimeout = TimeSpan.FromSeconds(0.3), TotalTimeout = TimeSpan.FromSeconds(1) });
        var watch = Stopwatch.StartNew();
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.Equal(RegistryFault.TimedOut, refusal.Fault);
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.6), $"{watch.Elapsed}");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_body_that_never_ends_is_given_up_too()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.First = async context =>
        {
            if (context.Request.Path == "/v2/")
                return false;
            await context.Response.WriteAsync("{\"tags\":[");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, registry.Ending).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        using var client = registry.Client(FakeRegistry.Quick with { AttemptTimeout = TimeSpan.FromSeconds(0.3), TotalTimeout = TimeSpan.FromSeconds(0.5) });
        Assert.Equal(RegistryFault.TimedOut, (await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop))).Fault);
    }

    [Fact(Timeout = 120_000)]
    public async Task Cancelling_is_not_taken_for_a_timeout()
    {
        await using var registry = await FakeRegistry.StartAsync();
        using var cancelling = new CancellationTokenSource();
        registry.First = async context =>
        {
            if (context.Request.Path == "/v2/")
                return false;
            await cancelling.CancelAsync();
            await Task.Delay(Timeout.Infinite, registry.Ending).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        using var client = registry.Client();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.TagsAsync(cancelling.Token));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("<html><body>Sign in</body></html>", "HTML")]
    [InlineData("", "empty")]
    [InlineData("tags: a, b", "no JSON")]
    [InlineData("[]", "another shape")]
    [InlineData("{\"tags\":\"a\"}", "another shape")]
    [InlineData("{\"name\":\"team/api\"}", "another shape")]
    [InlineData("{\"tags\":[1]}", "no tag")]
    [InlineData("{\"tags\":[\"a\\u001b[2Jb\"]}", "no tag")]
    [InlineData("{\"tags\":[\"../../etc\"]}", "no tag")]
    [InlineData("{\"tags\":[\"\\ud800\"]}", "no tag")]
    [InlineData("{\"tags\":[\"$(reboot)\"]}", "no tag")]
    public async Task An_answer_of_another_shape_is_refused(string body, string found)
    {
        await using var registry = await AnsweringAsync(200, body);
        using var client = registry.Client();
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.Equal(RegistryFault.BadAnswer, refusal.Fault);
        Assert.Contains(found, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_repository_whose_tags_are_null_has_none()
    {
        await using var registry = await AnsweringAsync(200, """{"name":"team/api","tags":null}""");
        using var client = registry.Client();
        Assert.Empty(await client.TagsAsync(Stop));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_huge_answer_is_not_read_to_its_end()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.First = async context =>
        {
            if (context.Request.Path == "/v2/")
                return false;
            var chunk = new byte[64 * 1024];
            Array.Fill(chunk, (byte)' ');
            for (var sent = 0; sent < 256 << 20 && !context.RequestAborted.IsCancellationRequested; sent += chunk.Length)
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            return true;
        };
        using var client = registry.Client();
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.Contains("at most 4096 KiB", refusal.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_untrusted_certificate_is_refused()
    {
        await using var server = await LoopbackServer.StartAsync((_, context) => FakeRegistry.Answer(context, 200, """{"tags":[]}"""), Stop, tls: true);
        using var client = new RegistryClient(ImageReference.Parse($"{server.Authority}/team/api"), FakeRegistry.Quick with { Address = server.Address });
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.Equal(RegistryFault.Untrusted, refusal.Fault);
        Assert.Contains("certificate", refusal.Hint, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact(Timeout = 120_000)]
    public async Task Plain_http_to_another_machine_is_refused_without_leave()
    {
        using var client = new RegistryClient(ImageReference.Parse("registry.example.com/team/api"), FakeRegistry.Quick with { Address = new Uri("http://registry.example.com") });
        Assert.Equal(RegistryFault.Untrusted, (await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop))).Fault);
    }

    private static async Task<FakeRegistry> AnsweringAsync(int status, string body)
    {
        var registry = await FakeRegistry.StartAsync();
        registry.First = async context =>
        {
            await FakeRegistry.Answer(context, status, body, body.StartsWith('<') ? "text/html" : "application/json");
            return true;
        };
        return registry;
    }
}
