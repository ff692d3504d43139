using System.Security.Cryptography;
using Runback.Lab.Tests.Lab;
using Runback.Runbook.Engines;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>The lab in the part of production: brought onto a release, worked on by the program, and compared with what it was.</summary>
internal sealed class Production(LabFixture lab)
{
    private string _lock = "";

    public const string Good = "2025-12-15-rc1";
    public const string Bad = "2025-12-20-rc1";
    public const string Breaking = "2025-12-22-rc1";
    public const string NeverReady = "2025-12-24-rc1";
    public const string Crashing = "2025-12-25-rc1";
    public const string Merged = "2026-01-05-rc1";
    public const string TwoHeads = "2026-01-06-rc1";
    public const string Halfway = "2026-01-07-rc1";
    public const string Inspecting = "2026-01-08-rc1";
    public const string Longer = "2026-01-09-rc1";

    /// <summary>The revision that <see cref="Bad"/> brings and a rollback to <see cref="Good"/> keeps.</summary>
    public const string KeptRevision = "d18e47b06c52";

    /// <summary>The revision that <see cref="Good"/> brings.</summary>
    public const string GoodRevision = "a7d24c6e1b93";

    /// <summary>The revision that <see cref="Breaking"/> brings.</summary>
    public const string BreakingRevision = "7fa3d9c5e810";

    /// <summary>The release whose downgrade raises.</summary>
    public const string Raising = "2025-12-23-rc1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string Folder => lab.Options.Directory;

    public string EnvFile => Path.Combine(Folder, ".env");

    public string Backups => Path.Combine(Folder, "backups");

    public string Image => lab.Options.Image;

    /// <summary>What a profile would say of this lab, for the environment.</summary>
    public Dictionary<string, string?> Environment(params (string Name, string? Value)[] more)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["NUKE_PROJECT_NAME"] = lab.Options.Name,
            ["NUKE_DIRECTORY"] = Folder,
            ["NUKE_BASE_URL"] = lab.Options.BaseUrl.ToString(),
            ["NUKE_IMAGE"] = Image,
            ["NUKE_PROFILE"] = "lab",
            ["NUKE_SETTLE_TIME"] = "1",
        };
        foreach (var (name, value) in more)
            environment[name] = value;
        return environment;
    }

    /// <summary>Starts the program with its document on standard output.</summary>
    public Program Start(params string[] arguments) => Program.Start(Environment(), Arguments(arguments));

    /// <summary>Runs the program to its end.</summary>
    public Task<Ended> RunAsync(params string[] arguments) => RunAsync(Environment(), arguments);

    /// <summary>Runs the program to its end in another environment.</summary>
    public static async Task<Ended> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var program = Program.Start(environment, Arguments(arguments));
        return await program.EndAsync();
    }

    public static string[] Arguments(params string[] arguments) => [.. arguments, "--json", "--root", Root];

    /// <summary>A release on the database as another one leaves it, <see cref="Bad"/> when not said; nothing is done where that is so already.</summary>
    public async Task BringAsync(string release, string migratedBy = Bad)
    {
        await lab.StartDatabaseAsync();
        File.Delete(Path.Combine(Folder, Runback.Runbook.Deployments.Deployment.OverrideFile));
        if (await RevisionAsync() != string.Join(',', Release.All.Single(each => each.Tag == migratedBy).Heads))
            await lab.DeployFreshAsync(migratedBy);
        if (File.ReadAllText(EnvFile).Contains($"IMAGE_TAG={release}\n", StringComparison.Ordinal) && await RunsAsync(release))
            return;
        await SetAsync(release);
        if (await EngineApi.Shared.ImageAsync($"{Image}:{release}", Cancellation) is null)
            await lab.Compose("pull", "--quiet", "api", "jobs");
        await UpAsync("--timeout", "1", "api", "jobs");
        while (!await RunsAsync(release) || (await lab.GetAsync("/healthz")).Status != 200)
            await Task.Delay(100, Cancellation);
    }

    /// <summary>A plain <c>docker compose up</c>, as anybody might type it on the host.</summary>
    public async Task UpAsync(params string[] arguments)
    {
        var result = await lab.Compose(["up", "--detach", .. arguments]);
        Assert.True(result.Succeeded, result.Complaint);
    }

    /// <summary>The release that a service's healthy container runs, or its condition.</summary>
    public async Task<string> RunningAsync(string service)
    {
        var found = await EngineApi.Shared.ContainersAsync(Cancellation, $"com.docker.compose.project={lab.Options.Name}", $"com.docker.compose.service={service}");
        return string.Join("; ", found.Select(container => $"{container.State} {container.ImageReference.Replace($"{Image}:", "", StringComparison.Ordinal).Split('@')[0]}"));
    }

    /// <summary>Sees that both app services run a release, each in one container.</summary>
    public async Task AssertRunsAsync(string release)
    {
        Assert.Equal($"running {release}", await RunningAsync("api"));
        Assert.Equal($"running {release}", await RunningAsync("jobs"));
        Assert.Equal(200, (await lab.GetAsync("/healthz")).Status);
    }

    /// <summary>All that a command that changes nothing must leave as it is: containers, env file, compose file, dumps, networks.</summary>
    public async Task<string> SnapshotAsync()
    {
        var containers = (await EngineApi.Shared.ContainersAsync(Cancellation, $"com.docker.compose.project={lab.Options.Name}"))
            .Select(container => $"{container.Name} {container.Id} {container.State} {container.StartedAt:O}");
        var files = Directory.EnumerateFiles(Folder).Concat(Directory.EnumerateFiles(Backups)).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}");
        var lines = containers.Order(StringComparer.Ordinal).Concat(files).Append(await SettledLockAsync()).Append(await RevisionAsync());
        return string.Join('\n', lines);
    }

    /// <summary>A rollback by a strategy with everything that an emergency wants but <c>--accept-data-loss</c>, and more.</summary>
    public static string[] Rollback(string tag, string strategy, params string[] more) =>
        ["Rollback", "--tag", tag, "--strategy", strategy, "--incident", "INC-42", "--approved-by", "Another Person", "--accept-downtime", .. more];

    /// <summary>Deploys a release over the database as it is.</summary>
    public Task DeployAsync(string release) => lab.Stack.DeployAsync(release, reset: false, Cancellation);

    /// <summary>Sees that nothing throw-away is left: no scratch container or network, no container of a single command, no database but these beside the application's.</summary>
    public async Task AssertNothingLeftAsync(params string[] databases)
    {
        string[] ours = [$"dev.runback.deployment={lab.Options.Name}", "dev.runback.scratch"];
        await Eventually.EmptyAsync(async () =>
        [
            .. (await EngineApi.Shared.ListAsync(Cancellation, ours)).Select(container => container.Name),
            .. (await EngineApi.Shared.NetworksAsync(Cancellation, ours)).Select(network => network.Name),
            .. (await EngineApi.Shared.ListAsync(Cancellation, $"com.docker.compose.project={lab.Options.Name}", "com.docker.compose.oneoff=True")).Select(container => container.Name),
        ]);
        await AssertUnlockedAsync();
        string[] expected = ["cleaning", "postgres", .. databases];
        Assert.Equal(string.Join(',', expected.Order(StringComparer.Ordinal)), await lab.QueryAsync("SELECT string_agg(datname, ',' ORDER BY datname COLLATE \"C\") FROM pg_database WHERE NOT datistemplate"));
    }

    /// <summary>What the bookings hold that every release knows, as one fingerprint.</summary>
    public Task<string> BookingsAsync() =>
        lab.QueryAsync("SELECT count(*) || ' ' || md5(string_agg(concat_ws('|', id, customer_id, scheduled_at, address, price_cents), ',' ORDER BY id)) FROM bookings");

    /// <summary>Books a visit through the proxy: its id.</summary>
    public async Task<long> BookAsync(string address)
    {
        var (status, body) = await lab.PostAsync("/bookings", new { customer_id = 1, scheduled_at = "2026-02-02T09:00:00Z", duration_minutes = 90, address });
        Assert.True(status == 201, body);
        return System.Text.Json.Nodes.JsonNode.Parse(body)!["id"]!.GetValue<long>();
    }

    /// <summary>Waits until nobody holds the lab any more.</summary>
    public async Task UnlockedAsync()
    {
        while ((await LockAsync()).Length > 0)
            await Task.Delay(50, Cancellation);
    }

    /// <summary>Sees that nobody holds the lab.</summary>
    public Task AssertUnlockedAsync() => Eventually.EmptyAsync(async () => (await LockAsync()).Split(';', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The container that holds the lab, or nothing.</summary>
    public async Task<string> LockAsync() =>
        string.Join(';', (await EngineApi.Shared.ListAsync(Cancellation)).Where(container => container.Name == $"runback-lock-{lab.Options.Name}").Select(container => container.Id));

    // The engine removes an ended run's lock by itself, a moment after the run has ended.
    private async Task<string> SettledLockAsync()
    {
        var found = await LockAsync();
        for (var until = DateTime.UtcNow + Eventually.EngineTidies; found.Length > 0 && found != _lock && DateTime.UtcNow < until; found = await LockAsync())
            await Task.Delay(50, Cancellation);
        return _lock = found;
    }

    public Task<string> RevisionAsync() => lab.QueryAsync("SELECT string_agg(version_num, ',' ORDER BY version_num) FROM alembic_version");

    /// <summary>A folder with the deployment's own files in it, for a test to spoil.</summary>
    public string CopyFolder()
    {
        var copy = Directory.CreateTempSubdirectory("runback-deployment-").FullName;
        foreach (var file in Directory.EnumerateFiles(Folder))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        Directory.CreateDirectory(Path.Combine(copy, "backups"));
        return copy;
    }

    /// <summary>Writes a value of the tag variable into the env file, by hand.</summary>
    public async Task SetAsync(string tag)
    {
        var lines = (await File.ReadAllLinesAsync(EnvFile, Cancellation)).Where(line => !line.StartsWith("COMPOSE_FILE=", StringComparison.Ordinal))
            .Select(line => line.StartsWith("IMAGE_TAG=", StringComparison.Ordinal) ? $"IMAGE_TAG={tag}" : line);
        await File.WriteAllTextAsync(EnvFile, string.Join('\n', lines) + "\n", Cancellation);
    }

    /// <summary>This checkout.</summary>
    public static string Root => Path.GetFullPath(Path.Combine(LabFixture.For("unused", 0).Sources, "..", ".."));

    private async Task<bool> RunsAsync(string release) =>
        await RunningAsync("api") == $"running {release}" && await RunningAsync("jobs") == $"running {release}";
}
