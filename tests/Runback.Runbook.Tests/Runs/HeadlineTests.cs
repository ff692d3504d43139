using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Runs;

public class HeadlineTests
{
    private static readonly Dictionary<string, string> Digests = [];

    private static string Line(bool exchanged, bool verified, string to = "v1", Outcome outcome = Outcome.Done) => Headline.Of(new RunResult
    {
        Run = "r", Target = "Rollback", Outcome = outcome, Summary = "why", From = new ReleaseRecord("v2", Digests), To = new ReleaseRecord(to, Digests), Exchanged = exchanged, Verified = verified,
    }).Split('\n')[0];

    [Fact]
    public void A_verified_rollback_names_what_runs() => Assert.Equal("Rollback: done, v1 runs (before: v2)", Line(exchanged: true, verified: true));

    [Fact]
    public void What_was_not_exchanged_is_not_said_to_run() => Assert.Equal("Rollback: done, nothing was exchanged: v2 runs", Line(exchanged: false, verified: false));

    [Fact]
    public void What_a_killed_run_had_exchanged_already_is_said_to_run() => Assert.Equal("Rollback: done, v1 runs (before: v2)", Headline.Of(new RunResult
    {
        Run = "r", Target = "Rollback", Outcome = Outcome.Done, From = new ReleaseRecord("v2", Digests), To = new ReleaseRecord("v1", Digests), Found = "v1", Verified = true,
    }));

    [Fact]
    public void What_was_not_verified_is_said_to_be_so() => Assert.Contains("v1 runs (before: v2); it is not verified yet", Line(exchanged: true, verified: false), StringComparison.Ordinal);

    [Fact]
    public void A_release_that_ran_already_runs() => Assert.Equal("Rollback: done, v2 runs", Line(exchanged: false, verified: true, to: "v2"));

    [Theory]
    [InlineData(Outcome.Failed, "FAILED, a person must look")]
    [InlineData(Outcome.Returned, "v2 runs again as it was found")]
    [InlineData(Outcome.Refused, "nothing was changed")]
    public void A_failure_says_first_what_production_is_on(Outcome outcome, string expected) => Assert.Contains(expected, Line(true, false, outcome: outcome), StringComparison.Ordinal);
}
