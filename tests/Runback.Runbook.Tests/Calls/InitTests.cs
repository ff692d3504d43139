using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Runback.Runbook.Tests.Calls;

/// <summary>From a folder with a compose file to a profile that the program itself accepts; no engine answers.</summary>
public sealed class InitTests : IDisposable
{
    private const string Compose = """
        services:
          web:
            image: acme/shop:${SHOP_TAG:-1.4.0}
            ports: ["127.0.0.1:18080:8000"]
            environment: {DATABASE_URL: "postgresql://shop:only-the-app-knows@db/shop"}
          worker:
            image: acme/shop:${SHOP_TAG:-1.4.0}
            command: celery -A shop worker
          db:
            image: postgres:17
            environment: {POSTGRES_USER: shop, POSTGRES_PASSWORD: only-the-app-knows}
        """;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("runback-init-");

    public InitTests()
    {
        Assert.SkipUnless(HasCompose(), "there is no `docker compose` here");
        _root.CreateSubdirectory(".nuke");
        File.WriteAllText(Path.Combine(_root.CreateSubdirectory("shop").FullName, "compose.yaml"), Compose);
        File.WriteAllText(Path.Combine(_root.FullName, "shop", ".env"), "SHOP_TAG=1.5.0\n");
    }

    public void Dispose() => _root.Delete(recursive: true);

    private string Profile => Path.Combine(_root.FullName, ".nuke", "parameters.shop.json");

    [Fact(Timeout = 480_000)]
    public async Task A_profile_is_written_that_the_program_reads_and_no_secret_is_in_it()
    {
        var ended = await RunAsync("Init", "--directory", "shop", "--yes", "--json");

        Assert.True(ended.Code == 0, ended.Error);
        var text = await File.ReadAllTextAsync(Profile, TestContext.Current.CancellationToken);
        var profile = JsonNode.Parse(text)!;
        Assert.Equal(("acme/shop", "SHOP_TAG", "shop", "http://127.0.0.1:18080"), ($"{profile["Image"]}", $"{profile["TagVariable"]}", $"{profile["DatabaseUser"]}", $"{profile["BaseUrl"]}"));
        Assert.Equal(["web", "worker"], profile["Services"]!.AsArray().Select(one => $"{one}"));
        Assert.DoesNotContain("only-the-app-knows", text + ended.Output + ended.Error, StringComparison.Ordinal);
        var document = JsonNode.Parse(ended.Output)!;
        Assert.Equal(("shop", "true"), ($"{document["profile"]}", $"{document["written"]}"));
        Assert.Contains(document["values"]!.AsArray(), value => $"{value!["key"]}" == "Workers" && $"{value["source"]}" == "guessed");

        // Its own reader takes every key and every value: what stops it comes after that.
        var plan = await RunAsync("Rollback", "--profile", "shop", "--tag", "1.4.0", "--plan");
        Assert.True(plan.Code == 0, plan.Error);
        var check = await RunAsync("Check", "--profile", "shop", "--json");
        Assert.Contains("engine", check.Error + check.Output, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(2, check.Code);
    }

    [Fact(Timeout = 480_000)]
    public async Task A_profile_that_is_there_is_shown_with_its_differences_and_kept()
    {
        const string Old = """{"Database": "other", "Switches": ["exports: A=off|on in web; off GET /x 404"]}""";
        await File.WriteAllTextAsync(Profile, Old, TestContext.Current.CancellationToken);

        var seen = await RunAsync("Init", "--directory", "shop", "--dry-run", "--database-user", "reader");
        Assert.True(seen.Code == 0, seen.Error);
        Assert.Contains("- Database: \"other\"\n  + Database: \"shop\"", seen.Output, StringComparison.Ordinal);
        Assert.Contains("+ DatabaseUser: \"reader\"", seen.Output, StringComparison.Ordinal);
        Assert.Equal(Old, await File.ReadAllTextAsync(Profile, TestContext.Current.CancellationToken));

        Assert.Equal(0, (await RunAsync("Init", "--directory", "shop", "--yes")).Code);
        Assert.Contains("exports: A=off", await File.ReadAllTextAsync(Profile, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(Old, await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Profile)!, "*.before")), TestContext.Current.CancellationToken));
    }

    [Theory(Timeout = 480_000)]
    [InlineData(2, "add --yes", "Init", "--directory", "shop")]
    [InlineData(2, "name its folder", "Init", "--yes")]
    [InlineData(2, "found none", "Init", "--directory", "nowhere", "--yes")]
    [InlineData(2, "letters, digits", "Init", "--directory", "shop", "--yes", "--new-profile", "../x")]
    [InlineData(3, "there is no service elsewhere", "Init", "--directory", "shop", "--yes", "--database-service", "elsewhere")]
    public async Task What_cant_be_done_is_said_and_nothing_is_written(int code, string said, params string[] call)
    {
        var ended = await RunAsync(call);

        Assert.True(ended.Code == code && ended.Error.Contains(said, StringComparison.Ordinal), $"{ended.Code}: {ended.Output}{ended.Error}");
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(Profile)!, "parameters.*"));
    }

    private Task<Program.Ended> RunAsync(params string[] call) =>
        Program.RunInAsync(new Dictionary<string, string> { ["NUKE_ROOT"] = _root.FullName, ["DOCKER_HOST"] = $"unix://{_root.FullName}/no-engine.sock" }, call);

    private static bool HasCompose()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("docker", ["compose", "version"]) { RedirectStandardOutput = true, RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
