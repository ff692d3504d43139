using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Runback.Runbook.Engines;
using Runback.Runbook.Processes;
using Runback.Runbook.Runs;

namespace Runback.Lab.Tests.Lab;

/// <summary>
/// One lab for all tests of a collection, beside the one that a person may have up. Without an engine everything fails: these tests are never skipped.
/// </summary>
public class LabFixture : IAsyncLifetime
{
    private static readonly TimeSpan ServerStarts = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http;

    public LabFixture()
        : this(For("tests", 0))
    {
    }

    private protected LabFixture(LabOptions options)
    {
        Options = options;
        Shell = new Shell(new Narration(Said, new Secrets()), Journal.None);
        Stack = new LabStack(Options, Shell);
        _http = new HttpClient { BaseAddress = Options.BaseUrl, Timeout = TimeSpan.FromSeconds(10) };
    }

    public LabOptions Options { get; }

    public LabStack Stack { get; }

    public Shell Shell { get; }

    /// <summary>What the lab said so far.</summary>
    public StringWriter Said { get; } = new();

    /// <summary>Options of a lab of its own.</summary>
    /// <param name="name">What sets it apart.</param>
    /// <param name="offset">What its ports are moved by.</param>
    public static LabOptions For(string name, int offset)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "global.json")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("no global.json above the tests");
        // Tests of several checkouts may run on one engine: names and ports are the checkout's own, and stay the same, so a killed run's rest is found.
        var own = SHA256.HashData(Encoding.UTF8.GetBytes(root));
        var port = 20_000 + BitConverter.ToUInt16(own) % 400 * 20 + offset;
        name = $"{name}-{Convert.ToHexStringLower(own)[..6]}";
        return LabOptions.For(root) with
        {
            Name = $"runback-lab-{name}",
            Directory = Path.Combine(root, ".nuke", "temp", $"lab-{name}", "deployment"),
            ProxyPort = port,
            RegistryPort = port + 1,
            KeepImages = true,
        };
    }

    public virtual async ValueTask InitializeAsync()
    {
        // What a killed run of these tests left would not be a lab at its start.
        await Stack.DownAsync(CancellationToken.None);
        await Stack.UpAsync(CancellationToken.None);
    }

    /// <summary>Whether somebody else takes it down.</summary>
    protected virtual bool StaysUp => false;

    public async ValueTask DisposeAsync()
    {
        if (!StaysUp)
            await Stack.DownAsync(CancellationToken.None);
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Deploys a release over a freshly seeded database.</summary>
    public Task DeployFreshAsync(string tag) => Stack.DeployAsync(tag, reset: true, TestContext.Current.CancellationToken);

    /// <summary>A request through the proxy: status and body.</summary>
    public async Task<(int Status, string Body)> GetAsync(string path, string? bearer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Posts JSON through the proxy: status and body.</summary>
    public async Task<(int Status, string Body)> PostAsync(string path, object body)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The readiness payload with its status: asked until the status is as expected or the seconds are over.</summary>
    public async Task<(int Status, JsonElement Payload)> ReadyAsync(int expected, int seconds = 15)
    {
        for (var left = seconds * 5; ; left--)
        {
            var (status, body) = await GetAsync("/readyz");
            if (status == expected || left == 0)
                return (status, body.StartsWith('{') ? JsonSerializer.Deserialize<JsonElement>(body) : default);
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A detail of one of the payload's checks.</summary>
    public static JsonElement Check(JsonElement payload, string name) =>
        payload.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == name);

    /// <summary>The only value that a query gives; a server that is starting is waited for.</summary>
    public async Task<string> QueryAsync(string query, string database = "cleaning")
    {
        for (var until = DateTime.UtcNow + ServerStarts; ; await Task.Delay(200, TestContext.Current.CancellationToken))
        {
            var result = await InDatabaseAsync("psql", "-U", "postgres", "-d", database, "-qAtX", "-c", query);
            // psql ends with 2 where it never got a session (PostgreSQL manual, psql, "Exit Status").
            if (result.ExitCode != 2 || DateTime.UtcNow > until)
                return result.Output.Trim();
        }
    }

    /// <summary>Runs a command in the database's container.</summary>
    public Task<CommandResult> InDatabaseAsync(params string[] arguments) =>
        Shell.TryAsync(EngineWay.Exec(EngineApi.Shared, $"{Options.Name}-db-1", [], [], arguments), TestContext.Current.CancellationToken);

    /// <summary>Starts the database where it doesn't run.</summary>
    public Task StartDatabaseAsync() => EngineApi.Shared.StartAsync($"{Options.Name}-db-1", TestContext.Current.CancellationToken);

    /// <summary>Runs docker compose in the deployment's folder.</summary>
    public Task<CommandResult> Compose(params string[] arguments) =>
        Shell.TryAsync(new Command("docker", "compose").With(arguments) with { WorkingDirectory = Options.Directory }, TestContext.Current.CancellationToken);

    /// <summary>Runs docker and gives its lines.</summary>
    public async Task<IReadOnlyList<string>> Docker(params string[] arguments) =>
        (await Shell.ReadAsync(new Command("docker", arguments), TestContext.Current.CancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
