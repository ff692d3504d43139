using System.Text.Json;
using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly Trial trial = new();
    private readonly SampleBuild build = new();

    public void Dispose() => trial.Dispose();

    [Theory]
    [InlineData("--strategy AppOnyl", "AppOnly")]
    [InlineData("--strategy 1", "Auto, AppOnly, ForwardFix")]
    [InlineData("--timeout ten", "digits")]
    [InlineData("--timeout 1.5", "whole number")]
    [InlineData("--timeout 99999999999", "whole number")]
    [InlineData("--ratio NaN", "number")]
    [InlineData("--dry-run=maybe", "true or false")]
    [InlineData("--dry-run maybe", "true or false")]
    [InlineData("--dry-run=2", "1, 0, yes, no")]
    [InlineData("--colour blue", "red, green")]
    [InlineData("--tga v1", "--tag")]
    [InlineData("--tag", "needs a value")]
    [InlineData("--tag --dry-run", "needs a value")]
    [InlineData("--tag=", "empty")]
    [InlineData("--tag a --tag b", "more than once")]
    [InlineData("--tag a --tag a", "more than once")]
    [InlineData("--dry-run --dry-run", "more than once")]
    [InlineData("--ports 1,,2", "empty")]
    [InlineData("--ports 1,x", "whole number")]
    [InlineData("Shwo", "Show")]
    [InlineData("tag", "--tag")]
    [InlineData("--target Nothing", "targets: Show, Deploy, Collects, Guarded")]
    [InlineData("Deploy --skip Shwo", "Show")]
    [InlineData("Show --skip Deploy", "not part of this run")]
    [InlineData("--skip Show", "both")]
    [InlineData("Show --skip", "nothing else in this run to leave out")]
    [InlineData("LeaveOut --skip", "nothing else in this run to leave out")]
    [InlineData("Collects --skip", "leaves nothing to run")]
    [InlineData("Collects --skip Show", "leaves nothing to run")]
    [InlineData("Collects --plan --skip Show", "leaves nothing to run")]
    [InlineData("Guarded --skip Show", "Show is needed")]
    [InlineData("Guarded --plan --skip", "Show is needed")]
    [InlineData("help", "did you mean --help?")]
    [InlineData("version", "did you mean --version?")]
    [InlineData("help Show", "did you mean --help?")]
    [InlineData("--services api Show", "could be a value of it or the target")]
    [InlineData("--profile nowhere", "nowhere")]
    [InlineData("--profile ../x", "../x")]
    [InlineData("--verbosity loud", "Quiet")]
    [InlineData("--completion fish", "bash, zsh, pwsh")]
    [InlineData("--help Shwo", "Show")]
    [InlineData("- Show", "There is no target '-'")]
    public void A_wrong_call_ends_with_2_names_the_remedy_and_runs_nothing(string arguments, string expected)
    {
        var words = arguments.Split(' ');
        AssertRefused(Run(words), expected);

        var json = Run([.. words, "--json"]);
        Assert.Equal(2, json.Code);
        using var document = JsonDocument.Parse(json.Output);
        Assert.Equal("Usage", document.RootElement.GetProperty("outcome").GetString());
        Assert.Equal(2, document.RootElement.GetProperty("exitCode").GetInt32());
        Assert.Contains(expected, document.RootElement.GetProperty("error").GetString() + document.RootElement.GetProperty("hint").GetString(), StringComparison.Ordinal);
        Assert.Empty(build.Ran);
    }

    [Theory]
    [InlineData("""{ "Tag": "x" """, "line 1")]
    [InlineData("[]", "JSON object")]
    [InlineData("", "no valid JSON")]
    [InlineData("""{ "Tga": "x" }""", "Tag")]
    [InlineData("""{ "Target": "Show" }""", "no parameter Target")]
    [InlineData("""{ "Tag": 1 }""", "a string")]
    [InlineData("""{ "Tag": null }""", "null")]
    [InlineData("""{ "Tag": "a", "tag": "b" }""", "more than once")]
    [InlineData("""{ "Timeout": "5" }""", "an integer")]
    [InlineData("""{ "Timeout": 5.5 }""", "whole number")]
    [InlineData("""{ "DryRun": "true" }""", "a boolean")]
    [InlineData("""{ "Services": "api" }""", "a list of strings")]
    [InlineData("""{ "Services": ["api", 1] }""", "a string")]
    [InlineData("""{ "Ports": [1, "2"] }""", "an integer")]
    [InlineData("""{ "Strategy": "Fast" }""", "ForwardFix")]
    [InlineData("""{ "Folder": "" }""", "path")]
    [InlineData("""{ "Profile": 5 }""", "string")]
    [InlineData("""{ "Profile": "prod" }""", "lab")]
    [InlineData("""{ "Verbosity": "loud" }""", "Quiet")]
    [InlineData("""{ "NoLogo": 1 }""", "true or false")]
    public void A_broken_parameters_file_is_refused_even_where_the_command_line_overrides_it(string json, string expected)
    {
        trial.WithFile("parameters.json", json).WithFile("parameters.lab.json", "{}");

        AssertRefused(Run("--tag", "v1", "--strategy", "Auto", "--services=web"), expected);
    }

    [Fact]
    public void A_broken_profile_is_refused_also_when_another_one_overrides_it()
    {
        trial.WithFile("parameters.one.json", """{ "Timeout": "x" }""").WithFile("parameters.two.json", """{ "Timeout": 1 }""");

        AssertRefused(Run("--profile", "one", "--profile", "two"), "parameters.one.json: Timeout");
        AssertRefused(Run("--profile", "Two"), "two");
    }

    [Theory]
    [InlineData("NUKE_STRATEGY", "fast", "STRATEGY")]
    [InlineData("NUKE_TIMEOUT", "x", "NUKE_TIMEOUT")]
    [InlineData("DRY_RUN", "server", "unset DRY_RUN if it belongs to another program")]
    [InlineData("NUKE_TGA", "x", "NUKE_TAG")]
    [InlineData("NUKE_VERBOSITY", "x", "Quiet")]
    [InlineData("NUKE_PROFILE", "nowhere", "nowhere")]
    public void A_variable_that_is_wrong_is_refused(string name, string value, string expected)
    {
        trial.With(name, value);
        AssertRefused(Run(), expected);
    }

    [Fact]
    public void All_missing_values_are_named_at_once()
    {
        var result = trial.Run(build, x => x.Deploy);

        AssertRefused(result, "--tag is missing (required by Deploy)");
        Assert.Contains("--limit is missing", result.Error, StringComparison.Ordinal);
        Assert.Contains("--dry-run is missing", result.Error, StringComparison.Ordinal);
        Assert.Contains("hint: give --tag TAG --limit LIMIT --dry-run", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_not_repeated_in_an_error()
    {
        var result = Run("--api-token", "hunter2hunter2", "--api-token", "hunter2hunter2");

        Assert.Equal(2, result.Code);
        Assert.DoesNotContain("hunter2", result.All, StringComparison.Ordinal);
    }

    private Trial.Result Run(params string[] arguments) => trial.Run(build, x => x.Show, arguments);

    private void AssertRefused(Trial.Result result, string expected)
    {
        Assert.Equal(2, result.Code);
        Assert.Equal("", result.Output);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        var lines = result.Error.TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("error: ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("hint: ", lines[1], StringComparison.Ordinal);
        Assert.Empty(build.Ran);
    }
}
