using System.Collections.Concurrent;
using System.Text;
using Runback.Runbook.Tests.Releases;

namespace Runback.Runbook.Tests.Runs;

/// <summary>A collector of traces on loopback that keeps what it is sent.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<(string Path, string? ContentType, byte[] Body)> _requests = new();
    private LoopbackServer? _server;

    public IReadOnlyCollection<(string Path, string? ContentType, byte[] Body)> Requests => _requests;

    /// <summary>All bodies as Latin-1: strings and ids are in protobuf as they are.</summary>
    public string Text => string.Concat(_requests.Select(request => Encoding.Latin1.GetString(request.Body)));

    public string Address => _server!.Address.ToString();

    /// <summary>Starts one that answers, or that hangs.</summary>
    public static async Task<Collector> StartAsync(bool hangs, CancellationToken cancellation)
    {
        var collector = new Collector();
        collector._server = await LoopbackServer.StartAsync(async (server, context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            collector._requests.Enqueue((context.Request.Path, context.Request.ContentType, body.ToArray()));
            if (hangs)
                await Task.Delay(Timeout.Infinite, server.Ending);
        }, cancellation);
        return collector;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();
}
