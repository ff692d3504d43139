using System.Text;
using Runback.Runbook.Releases;
using Runback.Runbook.Releases.Registries;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Releases;

public sealed class RegistryAuthorizationTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Without_credentials_a_token_is_fetched_once_and_used_again()
    {
        await using var tokens = await TokenServerAsync("open-token");
        await using var registry = await GuardedAsync(tokens, "open-token");
        using var client = registry.Client();
        await client.TagsAsync(Stop);
        await client.TagsAsync(Stop);
        await client.DigestAsync(Tag.Parse("a"), Stop);
        var asked = Assert.Single(tokens.Requests);
        Assert.Equal("/token?service=registry.test&scope=repository%3Ateam%2Fapi%3Apull", asked.PathAndQuery);
        Assert.Null(asked.Authorization);
    }

    [Fact(Timeout = 120_000)]
    public async Task Requests_at_once_share_one_token()
    {
        await using var tokens = await TokenServerAsync("open-token");
        await using var registry = await GuardedAsync(tokens, "open-token");
        using var client = registry.Client();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.TagsAsync(Stop)));
        Assert.Single(tokens.Requests);
    }

    [Fact(Timeout = 120_000)]
    public async Task Credentials_go_to_the_token_server_and_only_the_token_to_the_registry()
    {
        await using var tokens = await TokenServerAsync("bobs-token", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("bob:geheim-pass")));
        await using var registry = await GuardedAsync(tokens, "bobs-token");
        var secrets = new Secrets();
        using var client = registry.Client(FakeRegistry.Quick with { Credentials = new GivenCredentials("bob", "geheim-pass"), Secrets = secrets });
        Assert.Equal(["a"], await client.TagsAsync(Stop));
        Assert.All(registry.Requests, request => Assert.True(request.Authorization is null or "Bearer bobs-token"));
        Assert.Equal("*** *** ***", secrets.Mask("geheim-pass bobs-token Ym9iOmdlaGVpbS1wYXNz"));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_token_that_the_registry_no_longer_takes_is_renewed_once()
    {
        await using var tokens = await TokenServerAsync("second-token");
        await using var registry = await GuardedAsync(tokens, "second-token");
        using var client = registry.Client();
        await client.TagsAsync(Stop);
        var revoked = true;
        var guarded = registry.First;
        registry.First = async context =>
        {
            if (!revoked)
                return await guarded(context);
            revoked = false;
            context.Request.Headers.Authorization = "";
            return await guarded(context);
        };
        // The server hands out the same token again, which was refused a moment ago: nothing better can be sent.
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.Equal(RegistryFault.Unauthorized, refusal.Fault);
        Assert.Equal(2, tokens.Requests.Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task Wrong_credentials_name_the_user_and_never_the_password()
    {
        await using var tokens = await TokenServerAsync("x", "Basic right");
        await using var registry = await GuardedAsync(tokens, "x");
        using var client = registry.Client(FakeRegistry.Quick with { Credentials = new GivenCredentials("bob", "geheim-pass") });
        var refusal = await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.Equal(RegistryFault.Unauthorized, refusal.Fault);
        Assert.Contains("'bob'", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", refusal + refusal.Hint, StringComparison.Ordinal);
        Assert.Single(tokens.Requests);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_registry_with_basic_authentication_gets_the_credentials()
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("bob:geheim:pass"));
        await using var registry = await FakeRegistry.StartAsync();
        registry.Push("a");
        registry.First = async context =>
        {
            if (context.Request.Headers.Authorization == expected)
                return false;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Registry, the private one\"";
            await FakeRegistry.Answer(context, 401, "{}");
            return true;
        };
        using var client = registry.Client(FakeRegistry.Quick with { Credentials = new GivenCredentials("bob", "geheim:pass") });
        Assert.Equal(["a"], await client.TagsAsync(Stop));
        Assert.Equal(["a"], await client.TagsAsync(Stop));
        Assert.Equal(3, registry.Requests.Count);
    }

    [Fact(Timeout = 120_000)]
    public async Task An_identity_token_is_exchanged_by_post()
    {
        await using var tokens = await LoopbackServer.StartAsync(
            (_, context) => FakeRegistry.Answer(context, 200, """{"access_token":"exchanged","expires_in":300}"""), Stop);
        await using var registry = await GuardedAsync(tokens, "exchanged");
        using var client = registry.Client(FakeRegistry.Quick with { Credentials = new Found(Credential.Identity("refresh-me")) });
        Assert.Equal(["a"], await client.TagsAsync(Stop));
        var asked = Assert.Single(tokens.Requests);
        Assert.Equal("POST", asked.Method);
        Assert.Contains("grant_type=refresh_token", asked.Form, StringComparison.Ordinal);
        Assert.Contains("refresh_token=refresh-me", asked.Form, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("<html>Login</html>")]
    [InlineData("{}")]
    [InlineData("{\"token\":42}")]
    [InlineData("{\"token\":\"a\\r\\nX-Evil: 1\"}")]
    public async Task A_token_servers_nonsense_is_refused(string body)
    {
        await using var tokens = await LoopbackServer.StartAsync((_, context) => FakeRegistry.Answer(context, 200, body), Stop);
        await using var registry = await GuardedAsync(tokens, "x");
        using var client = registry.Client();
        Assert.Equal(RegistryFault.BadAnswer, (await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop))).Fault);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("http://tokens.example.com/token", RegistryFault.Untrusted)]
    [InlineData("file:///etc/passwd", RegistryFault.BadAnswer)]
    [InlineData("nonsense", RegistryFault.BadAnswer)]
    public async Task A_token_server_that_must_not_be_asked_is_not(string realm, RegistryFault fault)
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.First = async context =>
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{realm}\",service=\"s\"";
            await FakeRegistry.Answer(context, 401, "{}");
            return true;
        };
        using var client = registry.Client(FakeRegistry.Quick with { Credentials = new GivenCredentials("bob", "geheim-pass") });
        Assert.Equal(fault, (await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop))).Fault);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_redirect_to_another_server_loses_the_authorization()
    {
        await using var storage = await LoopbackServer.StartAsync(
            (_, context) => FakeRegistry.Answer(context, 200, """{"created":"2025-12-15T10:00:00Z"}"""), Stop);
        await using var tokens = await TokenServerAsync("open-token");
        await using var registry = await GuardedAsync(tokens, "open-token");
        var guarded = registry.First;
        registry.First = async context =>
        {
            if (await guarded(context))
                return true;
            if (!context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal))
                return false;
            context.Response.Redirect($"{storage.Address}signed?signature=abc");
            return true;
        };
        using var client = registry.Client();
        Assert.True(await client.HasBlobAsync(Digest.Of("x"u8), Stop));
        Assert.Null(Assert.Single(storage.Requests).Authorization);
        Assert.Contains(registry.Requests, request => request.Authorization == "Bearer open-token");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_redirect_within_the_server_keeps_the_authorization()
    {
        await using var tokens = await TokenServerAsync("open-token");
        await using var registry = await GuardedAsync(tokens, "open-token");
        var guarded = registry.First;
        registry.First = async context =>
        {
            if (await guarded(context))
                return true;
            if (context.Request.Path != "/v2/team/api/tags/list" || context.Request.Query.ContainsKey("moved"))
                return false;
            context.Response.Redirect("/v2/team/api/tags/list?moved=1");
            return true;
        };
        using var client = registry.Client();
        Assert.Equal(["a"], await client.TagsAsync(Stop));
        Assert.Equal("Bearer open-token", registry.Requests[^1].Authorization);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_challenge_behind_a_redirect_is_not_answered()
    {
        await using var thief = await LoopbackServer.StartAsync(
            (server, context) =>
            {
                context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{server.Address}token\",service=\"give\"";
                return FakeRegistry.Answer(context, 401, "{}");
            },
            Stop);
        await using var registry = await FakeRegistry.StartAsync();
        registry.First = context =>
        {
            context.Response.Redirect($"{thief.Address}give");
            return Task.FromResult(true);
        };
        using var client = registry.Client(FakeRegistry.Quick with { Credentials = new GivenCredentials("bob", "geheim-pass") });
        await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop));
        Assert.NotEmpty(thief.Requests);
        Assert.All(thief.Requests, request => Assert.Equal(("/give", null), (request.PathAndQuery, request.Authorization)));
    }

    [Fact(Timeout = 120_000)]
    public async Task Redirects_in_a_circle_end()
    {
        await using var registry = await FakeRegistry.StartAsync();
        registry.First = context =>
        {
            context.Response.Redirect(context.Request.Path);
            return Task.FromResult(true);
        };
        using var client = registry.Client();
        Assert.Equal(RegistryFault.BadAnswer, (await Assert.ThrowsAsync<RegistryException>(() => client.TagsAsync(Stop))).Fault);
    }

    private static Task<LoopbackServer> TokenServerAsync(string token, string? credentials = null) => LoopbackServer.StartAsync(
        (_, context) => credentials is null || context.Request.Headers.Authorization == credentials
            ? FakeRegistry.Answer(context, 200, $$"""{"token":"{{token}}","expires_in":300}""")
            : FakeRegistry.Answer(context, 401, $$"""{"details":"wrong: {{context.Request.Headers.Authorization}}"}"""),
        Stop);

    private static async Task<FakeRegistry> GuardedAsync(LoopbackServer tokens, string token)
    {
        var registry = await FakeRegistry.StartAsync();
        registry.Push("a");
        registry.First = async context =>
        {
            if (context.Request.Headers.Authorization == $"Bearer {token}")
                return false;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{tokens.Address}token\",service=\"registry.test\",scope=\"repository:team/api:pull\"";
            await FakeRegistry.Answer(context, 401, """{"errors":[{"code":"UNAUTHORIZED"}]}""");
            return true;
        };
        return registry;
    }

    private sealed class Found(Credential credential) : ICredentialSource
    {
        public Task<CredentialAnswer> FindAsync(string registry, CancellationToken cancellation) => Task.FromResult(new CredentialAnswer(credential));
    }
}
