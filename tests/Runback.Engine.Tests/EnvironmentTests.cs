using System.Text.Json;
using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

/// <summary>What is read from the environment, what isn't, and what is refused there.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private readonly Trial trial = new();
    private readonly Chores build = new();

    public void Dispose() => trial.Dispose();

    [Theory]
    [InlineData("WATCH", "1")]
    [InlineData("WATCH", "often")]
    [InlineData("JSON", "1")]
    [InlineData("JSON", "true")]
    [InlineData("YES", "1")]
    [InlineData("YES", "true")]
    [InlineData("RESET", "xterm")]
    [InlineData("RESET", "true")]
    [InlineData("PROFILE", "work")]
    [InlineData("SEED", "abc")]
    [InlineData("SEED", "7")]
    [InlineData("ACCEPT_DATA_LOSS", "true")]
    [InlineData("ALLOW_INSECURE", "yes")]
    [InlineData("BASE_URL", "https://elsewhere")]
    [InlineData("PLAN", "true")]
    [InlineData("SKIP", "Clean")]
    [InlineData("TARGET", "Clean")]
    [InlineData("HELP", "1")]
    [InlineData("VERBOSITY", "loud")]
    public void A_variable_that_may_be_another_programs_neither_stops_nor_steers_a_run(string name, string value)
    {
        trial.With(name, value);
        var result = Run();

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(["Clean", "Work"], build.Ran);
        Assert.Equal((false, false, false, null, false, false, null), (build.Watch, build.Yes, build.Reset, build.Seed, build.AcceptDataLoss, build.AllowInsecure, build.BaseUrl));
    }

    [Theory]
    [InlineData("WATCH", "1")]
    [InlineData("PROFILE", "work")]
    [InlineData("ACCEPT_DATA_LOSS", "true")]
    public void That_it_was_not_read_is_said_in_the_first_line(string name, string value)
    {
        trial.With(name, value);
        Assert.StartsWith($"not read from the environment without the prefix NUKE_: {name}\n", Run().Output, StringComparison.Ordinal);

        trial.With("NUKE_" + name, "").With("API_TOKEN", "hunter2");
        Assert.StartsWith("from the environment: API_TOKEN=***; not read", Run().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NUKE_WATCH", "1", true)]
    [InlineData("NUKE_WATCH", "0", false)]
    [InlineData("NUKE_WATCH", "yes", true)]
    [InlineData("NUKE_WATCH", "No", false)]
    [InlineData("NUKE_WATCH", "TRUE", true)]
    [InlineData("NUKE_WATCH", " false ", false)]
    [InlineData("KEEP_GOING", "1", true)]
    [InlineData("KEEP_GOING", "no", false)]
    public void A_flag_is_read_in_every_spelling_of_yes_and_no(string name, string value, bool expected)
    {
        trial.With(name, value);

        Assert.Equal((0, ""), (Run().Code, Run().Error));
        Assert.Equal(expected, name == "KEEP_GOING" ? build.KeepGoing : build.Watch);
    }

    [Theory]
    [InlineData("--watch=1", true)]
    [InlineData("--watch=no", false)]
    [InlineData("--watch yes", true)]
    [InlineData("--watch 0", false)]
    public void So_it_is_on_the_command_line(string arguments, bool expected)
    {
        Assert.Equal(0, Run(arguments.Split(' ')).Code);
        Assert.Equal(expected, build.Watch);
    }

    [Fact]
    public void What_accepts_or_answers_is_read_with_the_prefix()
    {
        trial.With("NUKE_YES", "1").With("NUKE_ACCEPT_DATA_LOSS", "yes").With("NUKE_RESET", "true").With("NUKE_ALLOW_INSECURE", "1").With("NUKE_BASE_URL", "x");

        Assert.Equal(0, Run().Code);
        Assert.Equal((true, true, true, true, "x"), (build.Yes, build.AcceptDataLoss, build.Reset, build.AllowInsecure, build.BaseUrl));
    }

    [Fact]
    public void A_document_is_asked_for_with_the_prefix()
    {
        trial.With("NUKE_JSON", "1");
        using var done = JsonDocument.Parse(Run().Output);
        Assert.Equal("Done", done.RootElement.GetProperty("outcome").GetString());
        using var usage = JsonDocument.Parse(Run("Wrok").Output);
        Assert.Equal("Usage", usage.RootElement.GetProperty("outcome").GetString());
        Assert.StartsWith("── Clean ", Run("--json=0").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NUKE_PLAN", "1", "Plan (nothing runs)")]
    [InlineData("NUKE_PLAN", "true", "Plan (nothing runs)")]
    [InlineData("NUKE_HELP", "yes", "Usage: ./build.sh")]
    public void A_plan_or_help_asked_for_there_is_shown_and_nothing_runs(string name, string value, string expected)
    {
        trial.With(name, value);
        var result = Run();

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.StartsWith(expected, result.Output, StringComparison.Ordinal);
        Assert.Empty(build.Ran);
    }

    [Theory]
    [InlineData("NUKE_PLAN", "1", "--plan=false")]
    [InlineData("NUKE_PLAN", "0", "Work")]
    [InlineData("NUKE_HELP", "1", "--help=false")]
    [InlineData("NUKE_SKIP", "Work", "--skip=Clean")]
    public void The_command_line_goes_before_it(string name, string value, string argument)
    {
        trial.With(name, value);
        Assert.Equal((0, ""), (Run(argument).Code, Run(argument).Error));
        Assert.Contains("Work", build.Ran);
    }

    [Theory]
    [InlineData("Clean", "Clean")]
    [InlineData("Extra+Clean", "Extra,Clean")]
    [InlineData("Extra, Clean", "Extra,Clean")]
    public void Targets_named_there_run_where_the_command_line_names_none(string value, string expected)
    {
        trial.With("NUKE_TARGET", value);

        var result = Run();
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(expected.Split(','), build.Ran);
        Assert.StartsWith($"from the environment: NUKE_TARGET={expected.Replace(',', '+')}\n", result.Output, StringComparison.Ordinal);

        build.Ran.Clear();
        Assert.Equal(0, Run("Work").Code);
        Assert.Equal(["Clean", "Work"], build.Ran);
        Assert.Contains("\n  Clean", Run("--help").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_to_skip_are_left_out()
    {
        trial.With("NUKE_SKIP", "Clean");

        var result = Run();
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(["Work"], build.Ran);
        Assert.Contains("by NUKE_SKIP", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NUKE_PLAN", "maybe", "true or false")]
    [InlineData("NUKE_HELP", "Work", "true or false")]
    [InlineData("NUKE_SKIP", "Claen", "Clean")]
    [InlineData("NUKE_SKIP", "Extra", "NUKE_SKIP Extra: it is not part of this run")]
    [InlineData("NUKE_TARGET", "Wrok", "Work")]
    [InlineData("NUKE_PLAM", "1", "NUKE_PLAN")]
    [InlineData("NUKE_SKIPS", "Clean", "NUKE_SKIP")]
    [InlineData("NUKE_SCHEMA", "1", "unset NUKE_SCHEMA")]
    [InlineData("NUKE_GENERATE_SCHEMA", "1", "unset NUKE_GENERATE_SCHEMA")]
    [InlineData("NUKE_COMPLETION", "bash", "unset NUKE_COMPLETION")]
    [InlineData("NUKE_VERSION", "1", "unset NUKE_VERSION")]
    [InlineData("NUKE_CONTINUE", "1", "unset NUKE_CONTINUE")]
    [InlineData("NUKE_WATCH", "often", "1, 0, yes, no")]
    [InlineData("NUKE_SEED", "abc", "whole number")]
    [InlineData("NUKE_NO_LOGO", "perhaps", "true or false")]
    public void What_cannot_be_followed_there_is_refused_and_nothing_runs(string name, string value, string expected)
    {
        trial.With(name, value);
        var result = Run();

        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Empty(build.Ran);
    }

    [Fact]
    public void A_missing_value_that_stands_there_under_the_plain_name_is_pointed_at()
    {
        trial.With("SEED", "7");
        Assert.Contains("hint: give --seed SEED; SEED in the environment is read with the prefix NUKE_ only\n", Run("Seeded").Error, StringComparison.Ordinal);
    }

    private Trial.Result Run(params string[] arguments) => trial.Run(build, x => x.Work, arguments);

    private sealed class Chores : NukeBuild
    {
        public List<string> Ran { get; } = [];

        [Parameter] public bool Watch { get; set; }

        [Parameter] public bool Yes { get; set; }

        [Parameter] public bool Reset { get; set; }

        [Parameter] public bool KeepGoing { get; set; }

        [Parameter] public bool AcceptDataLoss { get; set; }

        [Parameter] public bool AllowInsecure { get; set; }

        [Parameter] public int? Seed { get; set; }

        [Parameter] public string? BaseUrl { get; set; }

        [Parameter] public bool Json { get; set; }

        [Parameter, Secret] public string? ApiToken { get; set; }

        public Target Clean => _ => _.Executes(() => Ran.Add(nameof(Clean)));

        public Target Work => _ => _.DependsOn(Clean).Executes(() => Ran.Add(nameof(Work)));

        public Target Extra => _ => _.Executes(() => Ran.Add(nameof(Extra)));

        public Target Seeded => _ => _.Requires(() => Seed).Executes(() => Ran.Add(nameof(Seeded)));
    }
}
