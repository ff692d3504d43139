using Runback.Engine.Binding;
using Runback.Engine.Shell;
using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("De", "Deploy")]
    [InlineData("de", "Deploy")]
    [InlineData("--strat", "--strategy")]
    [InlineData("Deploy|--strategy|App", "AppOnly")]
    [InlineData("--strategy=F", "--strategy=ForwardFix")]
    [InlineData("--strategy|=|F", "ForwardFix")]
    [InlineData("--strategy|=", "Auto AppOnly ForwardFix")]
    [InlineData("--strategy|", "Auto AppOnly ForwardFix")]
    [InlineData("--verbosity|Q", "Quiet")]
    [InlineData("Deploy|--skip|S", "Show")]
    [InlineData("--tag|", "")]
    [InlineData("--help|stra", "strategy")]
    [InlineData("--help|al", "all")]
    [InlineData("--vers", "--version")]
    [InlineData("--nothing=", "")]
    public void Words_are_completed(string words, string expected)
    {
        var found = Completer.Candidates(words.Split('|'), ParameterCatalog.Read(typeof(SampleBuild)), ["Show", "Deploy"], null);
        Assert.Equal(expected, string.Join(' ', found));
    }

    [Fact]
    public void An_empty_word_offers_targets_and_the_options_not_yet_given()
    {
        var found = Completer.Candidates(["--dry-run", ""], ParameterCatalog.Read(typeof(SampleBuild)), ["Show", "Deploy"], null);

        Assert.Equal(["Show", "Deploy"], found.Take(2));
        Assert.Contains("--tag", found);
        Assert.DoesNotContain("--dry-run", found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Lea")]
    [InlineData("Deploy|--skip|")]
    [InlineData("--target|")]
    [InlineData("--target=")]
    [InlineData("--help|")]
    public void A_target_that_is_not_listed_is_not_offered(string words)
    {
        using var trial = new Trial();
        var result = trial.Run(new SampleBuild(), x => x.Show, [":complete", .. words.Split('|')]);

        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.DoesNotContain("LeaveOut", result.Output, StringComparison.Ordinal);
        Assert.Equal(words != "Lea", result.Output.Contains("Deploy", StringComparison.Ordinal));
    }

    [Fact]
    public void Profiles_are_completed_from_the_files_there_are()
    {
        using var trial = new Trial().WithFile("parameters.lab.json", "{}").WithFile("parameters.production.json", "{}");
        Assert.Equal(["lab"], Completer.Candidates(["--profile", "l"], ParameterCatalog.Read(typeof(SampleBuild)), [], trial.Root));
    }
}
