using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Runback.Runbook.Tests.Releases;

/// <summary>A real HTTP server on a free port of 127.0.0.1, which remembers what it was asked.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<Seen> _seen = [];
    private readonly CancellationTokenSource _ending = new();

    private LoopbackServer(WebApplication application) => _application = application;

    /// <summary>A request that arrived.</summary>
    internal sealed record Seen(string Method, string PathAndQuery, string? Authorization, string Host, string? Form = null);

    /// <summary>Its address.</summary>
    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Host and port, as an image's reference names them.</summary>
    public string Authority => Address.Authority;

    /// <summary>All requests so far, but the probes of <c>/v2/</c> itself.</summary>
    public IReadOnlyList<Seen> Requests
    {
        get
        {
            lock (_seen)
                return [.. _seen.Where(one => one.PathAndQuery != "/v2/")];
        }
    }

    /// <summary>Ends when the server does: a handler that hangs waits for it.</summary>
    public CancellationToken Ending => _ending.Token;

    public static async Task<LoopbackServer> StartAsync(Func<LoopbackServer, HttpContext, Task> handle, CancellationToken cancellation, bool tls = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (tls)
                listen.UseHttps(SelfSigned.Certificate());
        }));
        var application = builder.Build();
        var server = new LoopbackServer(application);
        application.Run(async context =>
        {
            var request = context.Request;
            var form = request.HasFormContentType ? await new StreamReader(request.Body).ReadToEndAsync(context.RequestAborted) : null;
            lock (server._seen)
                server._seen.Add(new Seen(request.Method, request.Path + request.QueryString.Value, request.Headers.Authorization, request.Host.Value ?? "", form));
            await handle(server, context);
        });
        await application.StartAsync(cancellation);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
        _ending.Dispose();
    }
}
