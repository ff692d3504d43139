using System.Text.Json;
using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

public sealed class HelpTests : IDisposable
{
    private readonly Trial trial = new();
    private readonly SampleBuild build = new();

    public void Dispose() => trial.Dispose();

    [Fact]
    public void Help_shows_targets_parameters_defaults_allowed_values_and_what_is_in_force()
    {
        trial.WithFile("parameters.json", """{ "Timeout": 5 }""").With("NUKE_STRATEGY", "AppOnly");
        var result = Run("--help", "all", "--tag", "v1");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Empty(build.Ran);
        foreach (var expected in (string[])[
            "  Show (default)\n      Prints what it was given.\n",
            "after Show\n",
            "  --tag <text>\n      What to roll back to.\n      default: none\n      now: v1  (from command line)\n",
            "      allowed: Auto, AppOnly, ForwardFix\n      default: Auto\n      now: AppOnly  (from environment NUKE_STRATEGY)\n",
            "      default: 30\n      now: 5  (from .nuke/parameters.json)\n",
            "  --services <text> ...\n      default: api, jobs\n",
            "      allowed: red, green\n",
            "  --dry-run\n      default: false\n",
            "  --skip <target> ...\n",
        ])
        {
            Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("LeaveOut", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help Deploy", "depends on: Show")]
    [InlineData("Deploy --help", "depends on: Show")]
    [InlineData("--help strategy", "allowed: Auto, AppOnly, ForwardFix")]
    [InlineData("--help skip", "Targets to leave out")]
    [InlineData("-h deploy", "depends on: Show")]
    public void Help_about_one_thing_shows_that_and_runs_nothing(string arguments, string expected)
    {
        var result = Run(arguments.Split(' '));

        Assert.Equal(0, result.Code);
        Assert.Contains(expected, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Usage:", result.Output, StringComparison.Ordinal);
        Assert.Empty(build.Ran);
    }

    [Fact]
    public void Help_as_json_is_one_document()
    {
        using var document = JsonDocument.Parse(Run("--help", "--json").Output);
        Assert.Equal(["Show", "Deploy", "Collects", "Guarded"], document.RootElement.GetProperty("targets").EnumerateArray().Select(x => x.GetProperty("name").GetString()));
        Assert.Contains(document.RootElement.GetProperty("parameters").EnumerateArray(), x => x.GetProperty("option").GetString() == "--strategy");
    }

    [Fact]
    public void A_plan_shows_order_dependencies_skips_and_what_is_missing_and_runs_nothing()
    {
        var result = Run("Deploy", "--plan", "--skip", "Show");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Empty(build.Ran);
        Assert.Contains("  1. Show  Prints what it was given.\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("skipped: by --skip\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("  2. Deploy\n       after: Show\n       needs: --tag is missing; --limit is missing; --dry-run is missing\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_as_json_holds_the_same()
    {
        var result = Run("Deploy", "--plan", "--json");
        using var document = JsonDocument.Parse(result.Output);
        var targets = document.RootElement.GetProperty("targets");

        Assert.Equal("", result.Error);
        Assert.Equal(["Show", "Deploy"], targets.EnumerateArray().Select(x => x.GetProperty("name").GetString()));
        Assert.Equal("Show", targets[1].GetProperty("after")[0].GetString());
        Assert.Equal("--tag is missing", targets[1].GetProperty("missing")[0].GetString());
        Assert.Empty(build.Ran);
    }

    [Fact]
    public void The_schema_knows_every_parameter_and_is_written_once()
    {
        var printed = Run("--schema").Output;
        using var document = JsonDocument.Parse(printed);
        var properties = document.RootElement.GetProperty("allOf")[0].GetProperty("properties");

        Assert.Equal(["Auto", "AppOnly", "ForwardFix"], properties.GetProperty("Strategy").GetProperty("enum").EnumerateArray().Select(x => x.GetString()));
        Assert.Equal("integer", properties.GetProperty("Ports").GetProperty("items").GetProperty("type").GetString());
        Assert.Equal("boolean", properties.GetProperty("DryRun").GetProperty("type").GetString());
        Assert.Contains("Deploy", document.RootElement.GetProperty("definitions").GetProperty("ExecutableTarget").GetProperty("enum").EnumerateArray().Select(x => x.GetString()));

        Assert.Equal(0, Run("--generate-schema").Code);
        Assert.Equal(printed, File.ReadAllText(Path.Combine(trial.Root, ".nuke", "build.schema.json")));
    }

    [Fact]
    public void A_build_says_under_which_headings_help_shows_what_it_has_and_what_it_forgets_comes_last()
    {
        Assert.StartsWith(
            """
            Usage: ./build.sh [target ...] [--option value ...]

            First
              Go (default)  Goes.

            Then
              Stop

            Others
              Wander        Goes this way and that, for a long time, and says nothing of where it is
            """.ReplaceLineEndings("\n"),
            trial.Run(new Grouped(), x => x.Go, "--help").Output, StringComparison.Ordinal);

        var all = trial.Run(new Grouped(), x => x.Go, "--help", "all").Output;
        Assert.Matches(@"(?s)\nFast\n  --speed <integer>\n.*\nOthers\n  --way <text>\n", all);
        Assert.Contains("      Goes this way and that, for a long time, and says nothing of where it is: a traveller among\n        targets", all, StringComparison.Ordinal);

        var one = trial.Run(new Grouped(), x => x.Go, "--help", "Go").Output;
        Assert.Equal("Go (default)\n      Goes.\n\n  --speed <integer>\n      default: 0\n\n  every other parameter: ./build.sh --help all\n", one);
        Assert.DoesNotContain("every other", trial.Run(new Grouped(), x => x.Go, "--help", "Stop").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_heading_over_nothing_that_there_is_is_refused()
    {
        var result = trial.Run(new Misnamed(), x => x.Go, "--help");
        Assert.Equal((2, true), (result.Code, result.Error.Contains("names Gone, which it doesn't have", StringComparison.Ordinal)));
    }

    private sealed class Grouped : NukeBuild
    {
        public static (string, string[])[] HelpTargets => [("First", [nameof(Go)]), ("Then", [nameof(Stop)])];

        public static (string, string[])[] HelpParameters => [("Fast", [nameof(Speed)])];

        public static (string, string[])[] HelpOf => [(nameof(Go), [nameof(Speed)])];

        [Parameter] public string? Way { get; set; }

        [Parameter] public int Speed { get; set; }

        public Target Wander => _ => _.Description("Goes this way and that, for a long time, and says nothing of where it is: a traveller among targets").Executes(() => { });

        public Target Stop => _ => _.Executes(() => { });

        public Target Go => _ => _.Description("Goes.").Executes(() => { });
    }

    private sealed class Misnamed : NukeBuild
    {
        public static (string, string[])[] HelpTargets => [("First", ["Gone"])];

        public Target Go => _ => _.Executes(() => { });
    }

    private Trial.Result Run(params string[] arguments) => trial.Run(build, x => x.Show, arguments);
}
