using System.Net;
using System.Net.Sockets;
using Runback.Runbook.Processes;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Rollbacks.Gates;
using Runback.Runbook.Tests.Deployments;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Tests.Rollbacks;

public class BaseUrlGateTests
{
    [Fact(Timeout = 120_000)]
    public async Task An_address_that_answers_late_is_asked_again()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var probe = new HttpProbe();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            // The first is let down.
            (await listener.AcceptTcpClientAsync(cancellation)).Dispose();
            using var client = await listener.AcceptTcpClientAsync(cancellation);
            await client.GetStream().ReadExactlyAsync(new byte[16], cancellation);
            await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"u8.ToArray(), cancellation);
        }, cancellation);
        var observed = Observed.Situation([Observed.Service("api", "v2", health: "healthy"), Observed.Service("jobs", "v2", health: null)], health: null);
        var situation = observed with { Health = observed.Health with { Url = new Uri($"http://{listener.LocalEndpoint}/healthz") } };
        var context = new GateContext(
            Observed.Deployment(), new RollbackRequest(), situation, new TargetRelease("v1", null, null), new ReleaseHistory(null, null, null, [], null), Course.Keep, Shell.Quiet) { Probe = probe };

        Assert.True((await new BaseUrlGate().JudgeAsync(context, cancellation)).Passed);
        await answering;
    }

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
