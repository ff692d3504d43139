using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Runback.Runbook.Tests.Calls;

/// <summary>What a person reads who looks for the way.</summary>
public sealed partial class HelpTests
{
    [Fact(Timeout = 120_000)]
    public async Task Help_is_a_screen_of_targets_under_the_headings_of_an_incident()
    {
        var help = await Program.RunAsync("--help");

        Assert.Equal((0, ""), (help.Code, help.Error));
        Assert.Equal(["In an incident", "Look", "Database", "Practice", "This project"], help.Lines.Where(line => Heading().IsMatch(line)));
        Assert.Equal("  Rollback (default)", help.Lines.SkipWhile(line => line != "In an incident").ElementAt(1)[..20]);
        Assert.All(help.Lines, line => Assert.True(line.Length <= 100, line));
        Assert.True(help.Lines.Length <= 50, $"{help.Lines.Length} lines");
        Assert.DoesNotContain("--approved-by <", help.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Every_target_is_under_one_heading_and_says_which_parameters_matter_for_it()
    {
        var screen = (await Program.RunAsync("--help")).Lines.Where(line => Listed().IsMatch(line)).Select(line => Listed().Match(line).Groups[1].Value).ToList();
        var targets = await NamesAsync("targets");

        Assert.True(targets.Count > 20, $"{targets.Count} targets");
        Assert.Equal(targets.Order(), screen.Order());
        var whole = await Program.RunAsync(["--help", .. targets]);
        Assert.Equal((0, ""), (whole.Code, whole.Error));
        Assert.Equal(targets.Count, whole.Lines.Count(line => line == "  every other parameter: ./build.sh --help all"));
    }

    [Fact(Timeout = 120_000)]
    public async Task All_of_it_has_every_parameter_under_a_heading_of_its_own()
    {
        var all = await Program.RunAsync("--help", "all");
        var options = all.Lines.Where(line => line.StartsWith("  --", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]).ToList();

        Assert.DoesNotContain("Others", all.Lines);
        Assert.Equal(options.Distinct(), options);
        Assert.Empty((await NamesAsync("parameters", "option")).Except(options));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_condition_is_told_in_words()
    {
        var targets = await NamesAsync("targets");
        var plan = await Program.RunAsync([.. targets, "--plan"]);

        Assert.Equal((0, ""), (plan.Code, plan.Error));
        var conditions = plan.Lines.Concat((await Program.RunAsync(["--help", .. targets])).Lines).Where(line => line.Contains("only when: ", StringComparison.Ordinal)).Distinct().ToList();
        Assert.True(conditions.Count > 5, $"{conditions.Count} conditions");
        Assert.All(conditions, condition => Assert.DoesNotMatch(Code(), condition));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("help", "did you mean --help?")]
    [InlineData("version", "did you mean --version?")]
    public async Task A_word_of_other_programs_is_answered_with_ours(string word, string expected)
    {
        var ended = await Program.RunAsync(word);
        Assert.Equal((2, ""), (ended.Code, ended.Output));
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(string kind, string property = "name") =>
        [.. JsonNode.Parse((await Program.RunAsync("--help", "--json")).Output)![kind]!.AsArray().Select(one => one![property]!.ToString())];

    [GeneratedRegex("^[A-Z][a-z ]+$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^  ([A-Z]\w+)( \(default\))? ")]
    private static partial Regex Listed();

    // What only C# has: operators, calls, members, names in one word of several.
    [GeneratedRegex(@"&&|\|\||==|!=|=>|\(\)|\w\.\w|\b(Is|Has|Cuts)[A-Z]")]
    private static partial Regex Code();
}
