namespace Runback.Runbook.Tests.Calls;

/// <summary>What whoever says nothing is answered.</summary>
public sealed class BareCallTests
{
    private static readonly Dictionary<string, string> Nowhere = new() { ["NUKE_DIRECTORY"] = "/no/such/deployment", ["TERM"] = "xterm" };

    [Theory(Timeout = 120_000)]
    [InlineData("")]
    [InlineData("--profile production")]
    [InlineData("--profile=production")]
    public async Task At_a_terminal_it_is_how_the_deployment_stands(string call)
    {
        var ended = await Program.AtTerminalAsync(Nowhere, call);

        Assert.StartsWith($"  profile     {(call.Length > 0 ? "production" : "lab")}\r\n", ended.Output, StringComparison.Ordinal);
        Assert.Contains("/no/such/deployment", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--tag is missing", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("──", ended.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("CI", "true", "", "--tag is missing")]
    [InlineData("NUKE_TARGET", "Deploy", "", "--tag is missing (required by Deploy)")]
    [InlineData("NUKE_TAG", "v1", "", "/no/such/deployment")]
    [InlineData("X", "", "--dry-run", "--tag is missing")]
    [InlineData("X", "", "--yes", "--tag is missing")]
    public async Task Whoever_says_more_than_where_gets_what_was_said(string name, string value, string call, string expected)
    {
        var ended = await Program.AtTerminalAsync(new Dictionary<string, string>(Nowhere) { [name] = value }, call);

        Assert.Equal(2, ended.Code);
        Assert.Contains(expected, ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Overview", ended.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_a_terminal_it_is_a_wrong_call()
    {
        var ended = await Program.RunAsync();

        Assert.Equal((2, ""), (ended.Code, ended.Output));
        Assert.StartsWith("error: --tag is missing (required by Preflight).\nhint: give --tag TAG", ended.Error, StringComparison.Ordinal);
    }
}
