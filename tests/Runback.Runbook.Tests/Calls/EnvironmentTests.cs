using System.Text.Json.Nodes;

namespace Runback.Runbook.Tests.Calls;

/// <summary>What the machine's environment does to a command: nothing, where it may be meant for another program.</summary>
public sealed class EnvironmentTests
{
    // Idle is a target that does nothing.
    private const string Target = "Idle";

    [Fact(Timeout = 120_000)]
    public async Task A_name_that_other_programs_use_stops_no_command_and_sets_no_value()
    {
        var parameters = JsonNode.Parse((await Program.RunAsync("--help", "--json")).Output)!["parameters"]!.AsArray().Select(one => one!).ToList();
        var stray = parameters.Select(one => one["option"]!.ToString()[2..].ToUpperInvariant().Replace('-', '_'))
            .Where(name => !name.Contains('_', StringComparison.Ordinal) || name.StartsWith("ACCEPT_", StringComparison.Ordinal) || name.StartsWith("ALLOW_", StringComparison.Ordinal)
                || name is "BASE_URL" or "PROJECT_NAME" or "ENV_FILE" or "DATABASE_USER" or "SERVICE_PORT").ToList();
        var environment = stray.Concat(["PROFILE", "PLAN", "SKIP", "TARGET", "HELP", "VERBOSITY"]).ToDictionary(name => name, _ => "xterm-256color");

        Assert.Superset(new HashSet<string> { "WATCH", "OPEN", "JSON", "YES", "RESET", "SEED", "TAG", "RUN", "IMAGE", "LIST", "ACCEPT_DATA_LOSS" }, stray.ToHashSet());
        var ended = await Program.RunInAsync(environment, Target);
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.StartsWith("profile: lab; not read from the environment without the prefix NUKE_: PROFILE, ", ended.Output, StringComparison.Ordinal);
        var after = JsonNode.Parse((await Program.RunInAsync(environment, "--help", "--json")).Output)!["parameters"]!.AsArray();
        Assert.Equal(parameters.Select(one => one.ToJsonString()), after.Select(one => one!.ToJsonString()));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("NUKE_YES", "1", "yes")]
    [InlineData("NUKE_TAG", "v1", "tag")]
    [InlineData("NUKE_ACCEPT_DATA_LOSS", "yes", "accept-data-loss")]
    [InlineData("NUKE_SEED", "7", "seed")]
    [InlineData("DRY_RUN", "1", "dry-run")]
    [InlineData("GITHUB_TOKEN", "ghp_0123456789abcdef", "github-token")]
    public async Task What_is_meant_for_it_is_read(string name, string value, string option)
    {
        var help = JsonNode.Parse((await Program.RunInAsync(new Dictionary<string, string> { [name] = value }, "--help", "--json")).Output)!;
        Assert.Equal($"environment {name}", help["parameters"]!.AsArray().Single(one => one!["option"]!.ToString() == "--" + option)!["from"]!.ToString());
    }

    [Theory(Timeout = 120_000)]
    [InlineData("NUKE_PLAN", "1", 0, "Plan (nothing runs)")]
    [InlineData("NUKE_HELP", "1", 0, "Idle")]
    [InlineData("NUKE_TARGET", "Rollback", 0, "Target")]
    [InlineData("NUKE_SKIP", "Backup", 2, "")]
    public async Task An_option_of_the_engine_is_followed_or_refused(string name, string value, int code, string expected)
    {
        var ended = await Program.RunInAsync(new Dictionary<string, string> { [name] = value }, Target);
        Assert.Equal(code, ended.Code);
        Assert.Contains(expected, ended.Output, StringComparison.Ordinal);
    }
}
