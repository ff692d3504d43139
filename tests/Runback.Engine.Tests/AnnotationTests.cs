using Runback.Engine.Tests.Support;

namespace Runback.Engine.Tests;

/// <summary>What GitHub's page of a job shows of a failure: one annotation, by whoever knows more.</summary>
public sealed class AnnotationTests : IDisposable
{
    private readonly Trial trial = new();

    public void Dispose() => trial.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failure_is_annotated_unless_who_threw_it_does_that_itself(bool annotated)
    {
        trial.With("GITHUB_ACTIONS", "true");
        var result = trial.Run(new Failing { IsAnnotated = annotated }, build => build.Fail);

        Assert.Equal(!annotated, result.All.Contains("::error::", StringComparison.Ordinal));
        Assert.Contains("error: Fail failed: it is down\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_server_said_steers_neither_the_terminal_nor_the_job()
    {
        trial.With("GITHUB_ACTIONS", "true");
        var result = trial.Run(new Failing { Message = "found \u001b]0;x\u0007\u001b[2J\u202e\n::add-mask::x\n ##[group]y and ##[command]z", IsAnnotated = true }, build => build.Fail);

        Assert.DoesNotContain(result.All, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain('\u202e', result.All);
        Assert.DoesNotContain("\n::add-mask::x", result.All, StringComparison.Ordinal);
        Assert.DoesNotContain("##[", result.All, StringComparison.Ordinal);
    }

    private sealed class Failing : NukeBuild
    {
        public bool IsAnnotated { get; init; }

        public string Message { get; init; } = "it is down";

        public Target Fail => _ => _.Executes(() =>
        {
            var exception = new InvalidOperationException(Message);
            if (IsAnnotated)
                exception.Data["annotated"] = true;
            throw exception;
        });
    }
}
