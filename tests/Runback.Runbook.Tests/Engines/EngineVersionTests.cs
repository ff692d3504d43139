using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Releases;

namespace Runback.Runbook.Tests.Engines;

/// <summary>A server plays engines of several ages; what Runback asks is answered only in a version that such an engine takes.</summary>
public sealed class EngineVersionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = 120_000)]
    [InlineData("1.44", "1.52", "/v1.44")] // Docker 29
    [InlineData("1.24", "1.51", "/v1.41")] // Docker 28
    [InlineData("1.12", "1.41", "/v1.41")] // Docker 20.10
    [InlineData("1.60", "2.3", "/v1.60")] // one that is yet to come
    [InlineData("2.0", "2.3", "/v2.0")]
    public async Task An_engine_is_asked_in_the_oldest_version_that_both_know(string oldest, string newest, string asked)
    {
        await using var server = await StartAsync(oldest, newest);
        using var engine = Engine(server);
        var image = await engine.ImageAsync("cleaning/app:v1", Cancellation);
        Assert.Equal("sha256:5f", image?.Id);
        Assert.Null(await engine.ImageAsync("cleaning/app:gone", Cancellation));
        Assert.Equal(["/version", $"{asked}/images/cleaning/app:v1/json", $"{asked}/images/cleaning/app:gone/json"], server.Requests.Select(one => one.PathAndQuery));
    }

    [Fact(Timeout = 120_000)]
    public async Task Every_kind_of_call_speaks_the_version_agreed_on()
    {
        await using var server = await StartAsync("1.44", "1.52");
        using var engine = Engine(server);
        await engine.PingAsync(Cancellation);
        Assert.Equal("abc", Assert.Single(await engine.ContainersAsync(Cancellation, "a=b")).Id);
        Assert.Equal(["sha256:5f"], await engine.ImagesOfAsync("cleaning/app", Cancellation));
        Assert.Equal("tar"u8.ToArray(), await engine.ArchiveAsync("cleaning/app:v1", "alembic", Cancellation));
        await engine.PutArchiveAsync("abc", "/", "tar"u8.ToArray(), Cancellation);
        Assert.Equal("/version", server.Requests[0].PathAndQuery);
        Assert.All(server.Requests.Skip(1), one => Assert.StartsWith("/v1.44/", one.PathAndQuery, StringComparison.Ordinal));
        Assert.Contains(server.Requests, one => one.Method == "DELETE");
    }

    [Theory(Timeout = 120_000)]
    [InlineData("<html><body>It works!</body></html>", "It works!")]
    [InlineData("", "an empty answer")]
    [InlineData("[]", "`[]`")]
    [InlineData("{\"ApiVersion\": 5}", "ApiVersion")]
    [InlineData("{\"Version\": \"29.0\"}", "29.0")]
    public async Task What_is_no_engine_is_told_so(string answer, string found)
    {
        await using var server = await LoopbackServer.StartAsync((_, context) => context.Response.WriteAsync(answer), Cancellation);
        using var engine = Engine(server);
        var refusal = await Assert.ThrowsAsync<RunbookException>(() => engine.ImageAsync("cleaning/app:v1", Cancellation));
        Assert.Contains("expected a Docker engine to tell its API version", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(found, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("DOCKER_HOST", refusal.Hint, StringComparison.Ordinal);
        Assert.Equal(Outcome.Refused, refusal.Outcome);
    }

    [Fact(Timeout = 120_000)]
    public async Task Podman_is_told_from_an_engine()
    {
        const string podman = """{"Components": [{"Name": "Podman Engine", "Version": "5.2.2"}], "Version": "5.2.2", "ApiVersion": "1.41", "MinAPIVersion": "1.24"}""";
        await using var server = await LoopbackServer.StartAsync((_, context) => context.Response.WriteAsync(podman), Cancellation);
        using var engine = Engine(server);
        var refusal = await Assert.ThrowsAsync<RunbookException>(() => engine.ContainersAsync(Cancellation));
        Assert.Contains("expected a Docker engine, found Podman", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Outcome.Refused, refusal.Outcome);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_engine_older_than_any_that_is_supported_is_refused()
    {
        await using var server = await StartAsync("1.12", "1.40");
        using var engine = Engine(server);
        var refusal = await Assert.ThrowsAsync<RunbookException>(() => engine.ContainersAsync(Cancellation));
        Assert.Contains("expected a Docker engine with API version 1.41 or later, found 1.40", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("20.10", refusal.Hint, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_engine_that_fails_to_tell_its_version_is_asked_again_by_the_next_call()
    {
        var isStarting = true;
        await using var server = await StartAsync("1.44", "1.52", () => isStarting);
        using var engine = Engine(server);
        await Assert.ThrowsAnyAsync<RunbookException>(() => engine.ImageAsync("cleaning/app:v1", Cancellation));
        isStarting = false;
        Assert.NotNull(await engine.ImageAsync("cleaning/app:v1", Cancellation));
    }

    private static EngineApi Engine(LoopbackServer server) => new(async cancellation =>
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, cancellation);
        return client.GetStream();
    });

    // As dockerd answers: a version outside of its range is refused with 400, before the path is looked at.
    private static Task<LoopbackServer> StartAsync(string oldest, string newest, Func<bool>? isStarting = null) => LoopbackServer.StartAsync(
        async (_, context) =>
        {
            var path = context.Request.Path.Value!;
            if (isStarting?.Invoke() == true)
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            else if (path == "/version")
                await context.Response.WriteAsync($$"""{"Version": "28.0", "ApiVersion": "{{newest}}", "MinAPIVersion": "{{oldest}}"}""");
            else if (!path.StartsWith("/v", StringComparison.Ordinal) || !Version.TryParse(path[2..path.IndexOf('/', 1)], out var version)
                     || version < Version.Parse(oldest) || version > Version.Parse(newest))
                await RefuseAsync(context, $"client version is too old. Minimum supported API version is {oldest}");
            else
                await AnswerAsync(context, path[path.IndexOf('/', 1)..]);
        },
        Cancellation);

    private static Task RefuseAsync(HttpContext context, string message)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return context.Response.WriteAsJsonAsync(new { message });
    }

    private static async Task AnswerAsync(HttpContext context, string path)
    {
        var body = (context.Request.Method, path) switch
        {
            (_, "/_ping") => "OK",
            (_, "/containers/json") => """[{"Id": "abc"}]""",
            (_, "/containers/abc/json") => Container,
            ("POST", "/containers/create") => """{"Id": "abc"}""",
            ("DELETE", _) or ("PUT", _) => "",
            (_, "/containers/abc/archive") => "tar",
            (_, "/images/json") => """[{"Id": "sha256:5f", "Created": 1}]""",
            (_, "/images/cleaning/app:v1/json") => """{"Id": "sha256:5f", "Config": {"WorkingDir": "/srv"}}""",
            _ => null,
        };
        context.Response.ContentType = "application/json";
        // base64 of {"name": "alembic"}
        context.Response.Headers["X-Docker-Container-Path-Stat"] = "eyJuYW1lIjogImFsZW1iaWMifQ==";
        if (body is null)
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        await context.Response.WriteAsync(body ?? JsonSerializer.Serialize(new { message = "no such thing" }));
    }

    private const string Container =
        """
        {"Id": "abc", "Name": "/api-1", "Image": "sha256:5f", "Created": "2026-01-01T00:00:00Z", "RestartCount": 0,
         "State": {"Status": "running", "Running": true, "StartedAt": "2026-01-01T00:00:00Z", "FinishedAt": "0001-01-01T00:00:00Z", "ExitCode": 0, "OOMKilled": false},
         "Config": {"Image": "cleaning/app:v1", "Labels": {"a": "b"}, "Env": []}, "HostConfig": {}, "NetworkSettings": {"Networks": {}, "Ports": {}}, "Mounts": []}
        """;
}
