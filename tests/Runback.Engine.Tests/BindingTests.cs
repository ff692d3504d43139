using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

public sealed class BindingTests : IDisposable
{
    private readonly Trial trial = new();
    private readonly SampleBuild build = new();

    public void Dispose() => trial.Dispose();

    [Theory]
    [InlineData("--tag", "v1")]
    [InlineData("--tag=v1")]
    [InlineData("--Tag", "v1")]
    [InlineData("--TAG=v1")]
    [InlineData("-tag", "v1")]
    public void A_value_binds_in_every_spelling_of_the_option(params string[] arguments)
    {
        Assert.Equal(0, Run(arguments).Code);
        Assert.Equal("v1", build.Tag);
        Assert.Equal(["Show"], build.Ran);
    }

    [Fact]
    public void Every_type_binds_from_the_command_line()
    {
        var result = Run("--strategy", "app-only", "--timeout", "-5", "--limit=7", "--ratio", "1.5", "--dry-run", "--really", "false",
            "--ports=1,2", "--ports", "3", "--folder", "sub/x", "--colour", "green", "--read-only-field", "set", "--other", "o", "--services", "web", "db");

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal((Way.AppOnly, -5, 7, 1.5), (build.Strategy, build.Timeout, build.Limit, build.Ratio));
        Assert.Equal((true, false), (build.DryRun, build.Really));
        Assert.Equal([1, 2, 3], build.Ports);
        Assert.Equal(["web", "db"], build.Services);
        Assert.Equal(Path.GetFullPath(Path.Combine(trial.CurrentDirectory, "sub/x")), build.Folder);
        Assert.Equal(("green", "set", "o"), (build.Colour, build.ReadOnlyField, build.Renamed));
    }

    [Fact]
    public void Every_type_binds_from_a_parameters_file()
    {
        trial.WithFile("parameters.json", """
            {
              "$schema": "build.schema.json",
              // a comment
              "Strategy": "ForwardFix", "timeout": 5, "Ratio": 2, "dry-run": true, "Really": true,
              "Services": ["one"], "Ports": [8, 9], "Folder": "deploy", "Colour": "red", "Other": "o"
            }
            """);

        Assert.Equal((0, ""), (Run().Code, Run().Error));
        Assert.Equal((Way.ForwardFix, 5, 2.0, true, true), (build.Strategy, build.Timeout, build.Ratio, build.DryRun, build.Really));
        Assert.Equal(["one"], build.Services);
        Assert.Equal([8, 9], build.Ports);
        Assert.Equal(Path.Combine(trial.Root, "deploy"), build.Folder);
    }

    [Fact]
    public void Command_line_goes_before_environment_before_profile_before_file_before_initial_value()
    {
        trial.WithFile("parameters.json", """{ "Tag": "file", "Timeout": 1, "Limit": 1, "Colour": "red", "Profile": "lab" }""")
            .WithFile("parameters.lab.json", """{ "Tag": "profile", "Timeout": 2, "Limit": 2 }""")
            .With("NUKE_TAG", "environment").With("NUKE_TIMEOUT", "3");

        Assert.Equal(0, Run("--tag", "line").Code);
        Assert.Equal(("line", 3, 2, "red", Way.Auto), (build.Tag, build.Timeout, build.Limit, build.Colour, build.Strategy));
    }

    [Fact]
    public void A_variable_with_the_prefix_goes_before_the_plain_one_and_an_empty_one_counts_as_unset()
    {
        trial.With("NUKE_DRY_RUN", "false").With("DRY_RUN", "true").With("NUKE_STRATEGY", "  ").With("NUKE_SERVICES", "a b").With("NUKE_PORTS", "4,5").With("API_TOKEN", "plain");

        Assert.Equal(0, Run().Code);
        Assert.Equal(("plain", Way.Auto, false), (build.ApiToken, build.Strategy, build.DryRun));
        Assert.Equal(["a", "b"], build.Services);
        Assert.Equal([4, 5], build.Ports);
    }

    [Fact]
    public void A_run_says_which_profile_and_which_variables_it_uses()
    {
        trial.WithFile("parameters.lab.json", "{}").With("NUKE_TAG", "v7").With("API_TOKEN", "hunter2");

        var result = Run("Show", "--profile", "lab");
        Assert.StartsWith("profile: lab; from the environment: NUKE_TAG=v7, API_TOKEN=***\n", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("profile: lab", Run("Show", "--profile", "lab", "--no-logo").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_of_several_profiles_wins_and_the_command_lines_profiles_replace_the_files()
    {
        trial.WithFile("parameters.json", """{ "Profile": ["lab"] }""")
            .WithFile("parameters.lab.json", """{ "Tag": "lab" }""")
            .WithFile("parameters.one.json", """{ "Tag": "one", "Timeout": 1 }""")
            .WithFile("parameters.two.json", """{ "Tag": "two" }""");

        Assert.Equal(0, Run("--profile", "one", "--profile", "two", "Show").Code);
        Assert.Equal(("two", 1), (build.Tag, build.Timeout));
        Assert.Equal(["one", "two"], NukeBuild.LoadedLocalProfiles);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("--target", "Show")]
    [InlineData("--target=show+leave-out")]
    [InlineData("SHOW", "leave-out")]
    public void Targets_are_found_in_any_spelling(params string[] arguments)
    {
        Assert.Equal(0, Run(arguments).Code);
        Assert.Equal("Show", build.Ran[0]);
    }

    private Trial.Result Run(params string[] arguments) => trial.Run(build, x => x.Show, arguments);
}
