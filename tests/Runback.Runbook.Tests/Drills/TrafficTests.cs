using Microsoft.AspNetCore.Http;
using Runback.Runbook.Drills;
using Runback.Runbook.Tests.Releases;

namespace Runback.Runbook.Tests.Drills;

public class TrafficTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Workload Reading { get; } = new(_ => new TrafficRequest("/healthz"));

    private static async Task<LoopbackServer> ServingAsync(Func<HttpContext, CancellationToken, Task> handle) =>
        await LoopbackServer.StartAsync((server, context) => handle(context, server.Ending), Cancellation);

    [Fact(Timeout = 240_000)]
    public async Task Reads_are_GETs_and_writes_are_POSTs_with_their_keys()
    {
        await using var server = await ServingAsync((context, _) =>
        {
            context.Response.StatusCode = context.Request.Method == "POST" ? 201 : 200;
            return Task.CompletedTask;
        });
        var workload = new Workload(number => number % 2 == 0 ? new TrafficRequest("/b", "{}", $"key {number}") : new TrafficRequest("/a"));
        await using var traffic = Traffic.Start(server.Address, workload, new TrafficOptions { PerSecond = 100 });
        await UntilAsync(() => server.Requests.Count >= 10);
        var samples = await traffic.StopAsync();

        Assert.Equal(samples.Count, server.Requests.Count);
        Assert.All(server.Requests, one => Assert.Equal(one.Method == "POST" ? "/b" : "/a", one.PathAndQuery));
        Assert.All(samples, one => Assert.Equal(one.Key is null ? 200 : 201, one.Status));
        Assert.All(samples.Where(one => one.Key is not null), one => Assert.True(one.IsAcknowledged));
        Assert.Contains("key 0", samples.Select(one => one.Key));
    }

    [Fact(Timeout = 240_000)]
    public async Task A_server_that_hangs_does_not_slow_down_those_who_knock_and_too_many_are_left_out()
    {
        var knocked = 0;
        await using var server = await ServingAsync(async (_, ending) =>
        {
            Interlocked.Increment(ref knocked);
            await Task.Delay(Timeout.Infinite, ending).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        await using var traffic = Traffic.Start(server.Address, Reading, new TrafficOptions { PerSecond = 200, InFlight = 4, Limit = TimeSpan.FromSeconds(5) });
        await UntilAsync(() => Volatile.Read(ref knocked) == 4 && traffic.LeftOut > 3);
        var samples = await traffic.StopAsync();

        Assert.Equal(4, samples.Count);
        Assert.All(samples, one => Assert.True(one is { Status: null, IsUnserved: true }));
    }

    [Fact(Timeout = 240_000)]
    public async Task Losing_and_finding_service_is_told_once_each()
    {
        var down = true;
        await using var server = await ServingAsync((context, _) =>
        {
            context.Response.StatusCode = Volatile.Read(ref down) ? 502 : 200;
            return Task.CompletedTask;
        });
        var told = new List<string>();
        await using var traffic = Traffic.Start(server.Address, Reading, new TrafficOptions { PerSecond = 100 }, line =>
        {
            lock (told)
                told.Add(line);
        });
        await UntilAsync(() => server.Requests.Count >= 5);
        Volatile.Write(ref down, false);
        await UntilAsync(() =>
        {
            lock (told)
                return told.Count >= 2;
        });
        await traffic.StopAsync();

        Assert.Equal("traffic: not served any more (502)", told[0]);
        Assert.StartsWith("traffic: served again after ", told[1], StringComparison.Ordinal);
        Assert.Equal(2, told.Count);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_refused_connection_is_an_unserved_request_and_no_error_of_the_traffic()
    {
        Uri address;
        await using (var gone = await ServingAsync((_, _) => Task.CompletedTask))
            address = gone.Address;
        await using var traffic = Traffic.Start(address, Reading, new TrafficOptions { PerSecond = 100 });
        await Task.Delay(200, Cancellation);
        var samples = await traffic.StopAsync();

        Assert.NotEmpty(samples);
        Assert.All(samples, one => Assert.Null(one.Status));
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(10, Cancellation);
    }
}
