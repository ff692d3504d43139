using Runback.Runbook.Processes;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Rollbacks.Gates;
using Runback.Runbook.Tests.Deployments;

namespace Runback.Runbook.Tests.Rollbacks;

public class BaseUrlGateTests
{
    [Theory]
    [InlineData(200, "healthy", true)]
    [InlineData(503, "healthy", true)]
    [InlineData(null, "healthy", false)]
    [InlineData(301, "healthy", false)]
    [InlineData(null, "unhealthy", true)]
    [InlineData(null, null, true)]
    public async Task An_address_where_nobody_answers_for_a_healthy_container_is_wrong(int? answer, string? health, bool passes)
    {
        var situation = Observed.Situation([Observed.Service("api", "v2", health: health), Observed.Service("jobs", "v2", health: null)], health: answer);
        var context = new GateContext(
            Observed.Deployment(), new RollbackRequest(), situation, new TargetRelease("v1", null, null), new ReleaseHistory(null, null, null, [], null), Course.Keep, Shell.Quiet);

        Assert.Equal(passes, (await new BaseUrlGate().JudgeAsync(context, TestContext.Current.CancellationToken)).Passed);
    }
}
