using System.Globalization;
using Microsoft.AspNetCore.Http;
using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Releases;
using Runback.Runbook.Verification;

namespace Runback.Runbook.Tests.Verification;

public sealed class OutageMonitorTests
{
    // "+" succeeded, "-" failed, one answer each 0.1 s.
    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("++++", 0, 0)]
    [InlineData("+--+", 0.2, 2)]
    [InlineData("+-+-+", 0.3, 2)]
    [InlineData("--++", 0.2, 2)]
    [InlineData("++--", 0.1, 2)]
    [InlineData("++-", 0, 1)]
    [InlineData("---", 0.2, 3)]
    public void An_outage_lasts_from_the_first_failure_to_the_first_success_after_the_last(string answers, double seconds, int failed)
    {
        var measured = OutageMonitor.Measure([.. answers.Select((answer, index) => (TimeSpan.FromMilliseconds(100 * index), answer == '+'))]);
        Assert.Equal(new OutageRecord(seconds, answers.Length, failed), measured);
    }

    [Fact(Timeout = 120_000)]
    public async Task Failures_of_a_real_server_are_counted_and_watching_ends()
    {
        var asked = 0;
        await using var server = await LoopbackServer.StartAsync(
            (_, context) =>
            {
                context.Response.StatusCode = Interlocked.Increment(ref asked) is 3 or 4 ? 502 : 200;
                return context.Response.WriteAsync(asked.ToString(CultureInfo.InvariantCulture));
            },
            TestContext.Current.CancellationToken);
        using var probe = new HttpProbe();
        await using (var monitor = new OutageMonitor(new Uri(server.Address, "/healthz"), probe))
        {
            while (monitor.Measured.Requests < 6)
                await Task.Delay(10, TestContext.Current.CancellationToken);
            Assert.Equal(2, monitor.Measured.Failed);
            Assert.True(monitor.Measured.Seconds > 0);
        }
        // A request that was on its way when the watching ended may still arrive.
        await Task.Delay(500, TestContext.Current.CancellationToken);
        var after = Volatile.Read(ref asked);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        Assert.Equal(after, Volatile.Read(ref asked));
    }
}
