using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Runback.Lab.Tests.Lab;
using Runback.Lab.Tests.Rollbacks;

namespace Runback.Lab.Tests.PlantedSecrets;

/// <summary>
/// Known secrets in every place they can come from, through whole runs: none in any byte that leaves. The only lines that may hold one are GitHub's
/// <c>::add-mask::</c>, and only for what the runner can't know already.
/// </summary>
[Tier(Tier.Default)]
[Collection("second lab")]
[UnsupportedOSPlatform("windows")]
public sealed class PlantedSecretsTests(SecondLab lab) : IAsyncLifetime
{
    private const string Password = "password-of-the-parameters-file";
    private readonly Production _production = new(lab);
    private readonly Planted _planted = new();
    private readonly Dictionary<string, string> _left = [];
    private readonly StringBuilder _asked = new();
    private readonly StringBuilder _traces = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runback-planted-");
    private FakeServer? _services;
    private FakeServer? _collector;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string State => Path.Combine(_production.Folder, ".runback");

    public async ValueTask InitializeAsync()
    {
        // A service that repeats whatever it is sent, as a failing gateway may: its address, its headers, its body.
        _services = await FakeServer.StartAsync(async (context, cancellation) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(cancellation);
            var text = $"{context.Request.Path}{context.Request.QueryString} {string.Join(' ', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"))}";
            lock (_asked)
                _asked.Append(text).Append('\n');
            context.Response.StatusCode = context.Request.Path.StartsWithSegments("/repos") ? 422 : 400;
            await context.Response.WriteAsync(JsonSerializer.Serialize(new { message = text, error = text, documentation_url = text, body }), cancellation);
        });
        _collector = await FakeServer.StartAsync(async (context, cancellation) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, cancellation);
            lock (_traces)
                _traces.Append(Encoding.Latin1.GetString(body.ToArray()));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _services!.DisposeAsync();
        await _collector!.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact(Timeout = 580_000)]
    public async Task No_planted_secret_leaves_by_any_way()
    {
        var application = await PlantInApplicationAsync();
        var environment = PlantInEnvironment();
        await PlantInParametersAsync(environment);
        using (var sampler = new ArgumentSampler())
        {
            await RunAsync("announcement", GitHub(environment), 5, "Announce", "--message", "we look into it", "--incident", "#12");
            await RunAsync("rollback", GitHub(environment), 0, "Rollback", "--tag", Production.Good, "--incident", "#12", "--reason", "visits fail");
            await RunAsync("report", GitLab(environment), 0, "Report");
            await RunAsync("checklist", GitLab(environment), 0, "Checklist", "--tag", Production.Good);
            await RunAsync("status", GitLab(environment), 0, "Status");
            await RunAsync("failed rollback", GitLab(environment), 4, "Rollback", "--tag", Production.NeverReady, "--health-timeout", "20", "--incident", "#12", "--verbosity", "Verbose");
            Assert.True(sampler.Rounds > 50, $"looked {sampler.Rounds} times");
            _left["arguments of all processes"] = sampler.Text;
        }

        await RunWithBrokenRevisionAsync(environment, application);
        AddFiles();
        _left["traces"] = _traces.ToString();

        var found = _left.SelectMany(text => _planted.Find(text.Key, text.Value)).ToList();
        Assert.True(found.Count == 0, $"{found.Count} found:\n{string.Join('\n', found.Take(60))}");
        AssertPrivate();

        // The secrets were where they could have left from.
        Assert.Contains("rollback", _traces.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains(_planted.Values["GitHub token"], _asked.ToString(), StringComparison.Ordinal);
        Assert.Contains(_planted.Values["Slack webhook"], _asked.ToString(), StringComparison.Ordinal);
        var logs = _left.Where(text => text.Key.Contains("/logs/", StringComparison.Ordinal)).Select(text => text.Value).ToList();
        Assert.True(logs.Exists(log => log.Contains("***", StringComparison.Ordinal)), $"{logs.Count} logs, none with a masked value:\n{string.Join('\n', logs.Select(log => log[..Math.Min(log.Length, 3000)]))}");
        Assert.Contains(_left.Keys, place => place.EndsWith("report.html", StringComparison.Ordinal));
        Assert.Contains(_left.Keys, place => place.EndsWith("summary.md", StringComparison.Ordinal));
        Assert.True(_left["rollback of a broken revision"].Contains("could not connect to postgresql://postgres:***@db", StringComparison.Ordinal), _left["rollback of a broken revision"]);
    }

    [Fact(Timeout = 240_000)]
    public async Task An_address_with_a_password_in_it_is_refused_and_not_repeated()
    {
        var secret = _planted.New("password in an address");
        var address = $"http://someone:{secret}@127.0.0.1:{lab.Options.ProxyPort}";
        foreach (var arguments in (string[][])[["Status", "--base-url", address], ["Announce", "--message", "x", "--announce-to", $"webhook {address}/x"]])
        {
            var refused = await _production.RunAsync(arguments);
            Assert.True(refused.ExitCode == 2, refused.ToString());
            Assert.Empty(_planted.Find("the refusal", refused.ToString()));
        }
    }

    /// <summary>Secrets of the application: in its env file, so in its containers, and in what it logs.</summary>
    private async Task<string> PlantInApplicationAsync()
    {
        await _production.BringAsync(Production.Bad);
        foreach (var line in await File.ReadAllLinesAsync(_production.EnvFile, Cancellation))
        {
            if (line.Split('=', 2) is ["POSTGRES_PASSWORD" or "METRICS_TOKEN", var value] && !_planted.Values.ContainsKey(line.Split('=')[0]))
                _planted.Known(line.Split('=')[0], value);
        }

        var key = _planted.New("key in the env file", more: "/+\"&<é");
        var url = _planted.New("password of a URL in the env file");
        await File.AppendAllTextAsync(_production.EnvFile, $"PAYMENT_SECRET_KEY={key}\nBROKER=amqp://app:{url}@broker:5672/x\n", Cancellation);
        await _production.UpAsync("--timeout", "1", "api", "jobs");
        while ((await lab.GetAsync("/healthz")).Status != 200)
            await Task.Delay(200, Cancellation);
        foreach (var secret in (string[])[key, url, _planted.Values["METRICS_TOKEN"], _planted.Values["POSTGRES_PASSWORD"]])
        {
            // The database takes no NUL, and the driver's complaint quotes what it was given.
            for (var i = 0; i < 3; i++)
                await lab.PostAsync($"/bookings?given={Uri.EscapeDataString(secret)}", new { customer_id = 1, scheduled_at = "2026-02-02T09:00:00Z", duration_minutes = 90, address = secret + "\0" });
        }

        return _planted.Values["POSTGRES_PASSWORD"];
    }

    private Dictionary<string, string?> PlantInEnvironment() => _production.Environment(
        ("NUKE_DATABASE_PASSWORD", _planted.New("database password", more: "'\"%$ ")),
        ("NUKE_REGISTRY_USER", "somebody"),
        ("NUKE_REGISTRY_PASSWORD", _planted.New("registry password", more: ":@/")),
        ("SLACK_TOKEN", _planted.New("Slack token")),
        ("PARAMS_PLANTED_KEY", Password),
        ("NUKE_PROFILE", "lab planted"),
        ("GITHUB_API_URL", _services!.Address.ToString().TrimEnd('/')),
        ("GITHUB_REPOSITORY", "acme/app"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector!.Address.ToString()),
        ("CI", null), ("GITLAB_CI", null), ("GITHUB_ACTIONS", null));

    /// <summary>Encrypted values in a parameters file of a root of its own, set as a person's script would.</summary>
    private async Task PlantInParametersAsync(Dictionary<string, string?> environment)
    {
        var nuke = _folder.CreateSubdirectory(".nuke").FullName;
        var source = Path.Combine(Production.Arguments()[^1], ".nuke");
        foreach (var name in (string[])["parameters.json", "parameters.lab.json"])
            File.Copy(Path.Combine(source, name), Path.Combine(nuke, name));
        await File.WriteAllTextAsync(Path.Combine(nuke, "parameters.planted.json"), "{}", Cancellation);
        _planted.Known("password of the parameters file", Password);
        var address = _services!.Address.ToString().TrimEnd('/');
        string Hook(string name) => $"{address}/services/T0/{_planted.New(name)}";
        string[] channels = [$"slack {Hook("Slack webhook")}", $"teams {Hook("Teams webhook")}", $"discord {Hook("Discord webhook")}", $"webhook {address}/?token={_planted.New("token of a webhook")}", "github"];
        await SealAsync("GithubToken", _planted.New("GitHub token"));
        await SealAsync("AnnounceTo", string.Join('\n', channels));

        async Task SealAsync(string name, string value)
        {
            var variable = name == "GithubToken" ? "NUKE_GITHUB_TOKEN" : "NUKE_ANNOUNCE_TO";
            using var program = Program.Start(new Dictionary<string, string?>(environment) { [variable] = value }, [":secrets", "planted", name, "--root", _folder.FullName]);
            var ended = await program.EndAsync();
            Assert.True(ended.ExitCode == 0, ended.ToString());
            _left[$":secrets {name}"] = ended.ToString();
        }

        _left["parameters file"] = await File.ReadAllTextAsync(Path.Combine(nuke, "parameters.planted.json"), Cancellation);
    }

    private Dictionary<string, string?> GitHub(Dictionary<string, string?> environment) => new(environment)
    {
        ["GITHUB_ACTIONS"] = "true",
        ["GITHUB_STEP_SUMMARY"] = Path.Combine(_folder.FullName, "summary.md"),
        ["GITHUB_OUTPUT"] = Path.Combine(_folder.FullName, "output.txt"),
    };

    private Dictionary<string, string?> GitLab(Dictionary<string, string?> environment) => new(environment)
    {
        ["GITLAB_CI"] = "true",
        ["CI_PROJECT_DIR"] = _folder.CreateSubdirectory("gitlab").FullName,
    };

    private async Task RunAsync(string name, Dictionary<string, string?> environment, int expected, params string[] arguments)
    {
        foreach (var json in (bool[])(arguments[0] is "Status" or "Checklist" ? [true, false] : [arguments[0] != "Report"]))
        {
            using var program = Program.Start(environment, [.. arguments, .. json ? (string[])["--json"] : [], "--yes", "--root", _folder.FullName]);
            var ended = await program.EndAsync();
            Assert.True(ended.ExitCode == expected, $"{name}: {ended}");
            var lines = ended.ToString().Split('\n');
            var masks = lines.Where(line => line.StartsWith("::add-mask::", StringComparison.Ordinal)).ToList();
            _left[name + (json ? "" : " as text")] = string.Join('\n', lines.Except(masks));
            // The job's own variables are secrets of the CI system, which masks them itself.
            Assert.All((string[])["database password", "registry password", "Slack token"], known => Assert.DoesNotContain($"::add-mask::{_planted.Values[known]}", masks));
            Assert.DoesNotContain("::add-mask::github", masks);
            Assert.True(environment.ContainsKey("GITHUB_ACTIONS") && environment["GITHUB_ACTIONS"] is not null || masks.Count == 0, $"{name}: {masks.Count} masks");
        }
    }

    /// <summary>An error of the database's that quotes a connection string.</summary>
    private async Task RunWithBrokenRevisionAsync(Dictionary<string, string?> environment, string password)
    {
        await lab.QueryAsync($"""
            CREATE FUNCTION planted() RETURNS varchar LANGUAGE plpgsql AS $x$ BEGIN RAISE EXCEPTION 'could not connect to postgresql://postgres:{password}@db:5432/cleaning, password={password}'; END $x$;
            ALTER TABLE alembic_version RENAME TO alembic_version_kept;
            CREATE VIEW alembic_version AS SELECT planted() AS version_num
            """);
        try
        {
            using var program = Program.Start(environment, ["Status", "--json", "--root", _folder.FullName]);
            _left["status of a broken revision"] = (await program.EndAsync()).ToString();
            using var rollback = Program.Start(environment, ["Rollback", "--tag", Production.Bad, "--json", "--yes", "--root", _folder.FullName]);
            _left["rollback of a broken revision"] = (await rollback.EndAsync()).ToString();
        }
        finally
        {
            await lab.QueryAsync("DROP VIEW alembic_version; ALTER TABLE alembic_version_kept RENAME TO alembic_version; DROP FUNCTION planted()");
        }
    }

    private void AddFiles()
    {
        // Beside the env file itself, its kept copies hold the application's secrets: in a folder of their own, which no CI job hands on.
        var state = new DirectoryInfo(State).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => !file.FullName.StartsWith(Path.Combine(State, "kept"), StringComparison.Ordinal));
        foreach (var file in _folder.EnumerateFiles("*", SearchOption.AllDirectories).Concat(state))
            _left[file.FullName] = File.ReadAllText(file.FullName);
        foreach (var file in Directory.EnumerateFiles(_production.Backups).Where(file => !file.EndsWith(".dump", StringComparison.Ordinal)))
            _left[file] = File.ReadAllText(file);
    }

    /// <summary>Everything that runs leave is its owner's alone.</summary>
    private void AssertPrivate()
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        IEnumerable<string> all =
        [
            State, .. Directory.EnumerateFileSystemEntries(State, "*", SearchOption.AllDirectories), .. Directory.EnumerateFileSystemEntries(_production.Backups, "*", SearchOption.AllDirectories),
            Path.Combine(_folder.FullName, ".nuke", "parameters.planted.json"),
        ];
        Assert.Empty(all.Where(path => (File.GetUnixFileMode(path) & Others) != 0).Select(path => $"{path} {File.GetUnixFileMode(path)}"));
    }
}
