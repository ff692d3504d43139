using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Runback.Lab.Tests.Rollbacks;

/// <summary>A real HTTP server on a free loopback port that answers everything in one way.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _ending = new();

    private FakeServer(Func<HttpContext, CancellationToken, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(context => answer(context, _ending.Token));
    }

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<FakeServer> StartAsync(Func<HttpContext, CancellationToken, Task> answer)
    {
        var server = new FakeServer(answer);
        await server._application.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>A server that gives one status, body and type.</summary>
    public static Task<FakeServer> StartAsync(int status, string body, string type = "application/json") => StartAsync((context, cancellation) =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body, cancellation);
    });

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _application.StopAsync(new CancellationToken(canceled: true));
        await _application.DisposeAsync();
        _ending.Dispose();
    }
}
