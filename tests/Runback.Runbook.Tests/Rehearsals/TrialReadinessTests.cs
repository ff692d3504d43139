using Runback.Runbook.Rehearsals;
using Runback.Runbook.Tests.Deployments;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Tests.Rehearsals;

public sealed class TrialReadinessTests
{
    [Theory]
    [InlineData("jobs")]
    [InlineData("Jobs")]
    [InlineData("jobs_heartbeat")]
    public void A_failed_check_of_a_worker_is_excused(string name)
    {
        var readiness = Read(503, $$"""{"checks":[{"name":"db","ok":true},{"name":"{{name}}","ok":false},{"name":"migrations","ok":true}]}""");
        Assert.True(TrialReadiness.IsReady(readiness, ["jobs"], ["r1"], ["r1"]));
        Assert.Equal([name], TrialReadiness.Excused(readiness, ["jobs"]));
    }

    [Theory]
    [InlineData("db")]
    [InlineData("jobsite")]
    [InlineData("job")]
    public void Any_other_failed_check_is_not(string name) =>
        Assert.False(TrialReadiness.IsReady(Read(503, $$"""{"checks":[{"name":"{{name}}","ok":false},{"name":"jobs","ok":false}]}"""), ["jobs"], [], []));

    [Fact]
    public void Kept_migrations_beside_a_worker_are_as_expected_and_other_migrations_are_not()
    {
        var readiness = Read(503, """{"checks":[{"name":"jobs","ok":false},{"name":"migrations","ok":false,"detail":{"current_version":"new","expected_head":"old"}}]}""");
        Assert.True(TrialReadiness.IsReady(readiness, ["jobs"], ["new"], ["old"]));
        Assert.False(TrialReadiness.IsReady(readiness, ["jobs"], ["other"], ["old"]));
        Assert.False(TrialReadiness.IsReady(readiness, ["jobs"], ["new"], ["other"]));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(404)]
    public void Another_status_than_503_is_not_explained_by_a_worker(int status) =>
        Assert.False(TrialReadiness.IsReady(Read(status, """{"checks":[{"name":"jobs","ok":false}]}"""), ["jobs"], [], []));

    [Fact]
    public void No_payload_is_not_ready() => Assert.False(TrialReadiness.IsReady(Read(200, "<html>"), ["jobs"], [], []));

    private static Readiness Read(int status, string body) => Readiness.From(Observed.Answer(status, body));
}
