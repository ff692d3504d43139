using Runback.Runbook.Drills.Beside;

namespace Runback.Runbook.Tests.Drills.Beside;

public sealed class SharedWayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Whoever_waits_for_an_attempt_that_fails_fails_with_it_and_the_next_tries_anew()
    {
        var attempts = 0;
        var first = new TaskCompletionSource<Stream>();
        using var way = new SharedWay(_ => ++attempts == 1 ? new ValueTask<Stream>(first.Task) : new ValueTask<Stream>(Stream.Null));
        var waiting = Enumerable.Range(0, 3).Select(_ => way.ConnectAsync(Cancellation).AsTask()).ToList();

        first.SetException(new IOException("refused"));

        foreach (var one in waiting)
            await Assert.ThrowsAsync<IOException>(() => one);
        Assert.Equal(1, attempts);
        Assert.Same(Stream.Null, await way.ConnectAsync(Cancellation));
        Assert.Equal(2, attempts);
    }

    [Fact(Timeout = 120_000)]
    public async Task Those_who_wait_for_one_that_succeeds_get_connections_of_their_own()
    {
        var attempts = 0;
        using var way = new SharedWay(async cancellation =>
        {
            attempts++;
            await Task.Delay(10, cancellation);
            return new MemoryStream();
        });

        var streams = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => way.ConnectAsync(Cancellation).AsTask()));

        Assert.Equal(3, streams.Distinct().Count());
        Assert.Equal(3, attempts);
    }
}
