using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Runback.Runbook.Tests.Releases;

namespace Runback.Runbook.Tests.Incidents;

/// <summary>A service on loopback that remembers every request with its body, and answers as the test says.</summary>
internal sealed class FakeService : IAsyncDisposable
{
    private readonly List<Call> _calls = [];
    private LoopbackServer? _server;

    /// <summary>A request that arrived.</summary>
    internal sealed record Call(string Method, string PathAndQuery, string? Authorization, JsonNode? Body)
    {
        public string Path => PathAndQuery.Split('?')[0];
    }

    /// <summary>An answer.</summary>
    internal sealed record Reply(int Status, string Body = "", params (string Name, string Value)[] Headers);

    public Uri Address => _server!.Address;

    public IReadOnlyList<Call> Calls
    {
        get
        {
            lock (_calls)
                return [.. _calls];
        }
    }

    public static Task<FakeService> StartAsync(Func<Call, int, Reply> answer, CancellationToken cancellation) =>
        StartAsync((call, number, _, _) => Task.FromResult<Reply?>(answer(call, number)), cancellation);

    /// <summary>Starts one whose answer gets the request, its number from 1, the server and the connection, and is null when it has ended the connection itself.</summary>
    public static async Task<FakeService> StartAsync(Func<Call, int, LoopbackServer, HttpContext, Task<Reply?>> answer, CancellationToken cancellation, bool tls = false)
    {
        var service = new FakeService();
        service._server = await LoopbackServer.StartAsync(
            async (server, context) =>
            {
                var text = await new StreamReader(context.Request.Body).ReadToEndAsync(context.RequestAborted);
                var call = new Call(
                    context.Request.Method, context.Request.Path + context.Request.QueryString.Value, context.Request.Headers.Authorization, text.Length == 0 ? null : JsonNode.Parse(text));
                int number;
                lock (service._calls)
                {
                    service._calls.Add(call);
                    number = service._calls.Count;
                }
                if (await answer(call, number, server, context) is not { } reply)
                    return;
                context.Response.StatusCode = reply.Status;
                foreach (var (name, value) in reply.Headers)
                    context.Response.Headers[name] = value;
                await context.Response.WriteAsync(reply.Body, context.RequestAborted);
            },
            cancellation, tls);
        return service;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();
}
