using System.Formats.Tar;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Runback.Runbook.Engines;
using Runback.Runbook.Releases;
using Runback.Runbook.Rollbacks;
using Runback.Runbook.Runs;
using Runback.Runbook.Tests.Deployments;
using Runback.Runbook.Tests.Releases;

namespace Runback.Runbook.Tests.Rollbacks;

/// <summary>Whatever an image holds and an engine answers: what can't be read of migrations is not known, and never ends the run that asks.</summary>
public sealed class HistoryReaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = 240_000)]
    [InlineData("[1]", "tar")] // an image that isn't described as one
    [InlineData("{}", "tar")]
    [InlineData("{\"Id\": 5}", "tar")]
    [InlineData("not JSON", "tar")]
    [InlineData(Image, "not a tar")]
    [InlineData(Image, "endless")]
    public async Task What_can_not_be_read_of_an_image_is_not_known(string image, string archive)
    {
        await using var server = await StartAsync(image, archive);
        using var engine = Engine(server);
        var reader = new HistoryReader(Observed.Deployment(), engine);
        var refusal = await Assert.ThrowsAsync<RunbookException>(() => reader.GraphAsync("sha256:5f", Cancellation));
        Assert.False(string.IsNullOrWhiteSpace(refusal.Hint));

        var history = await reader.ReadAsync(Observed.Situation([], revisions: ["a"]), null, LedgerHistory.Empty, "sha256:5f", Cancellation);
        Assert.Null(history.Path);
        Assert.Equal(["a"], history.Revisions);
        Assert.Equal(refusal.Message, history.Problem);
    }

    [Fact(Timeout = 240_000)]
    public async Task A_hostile_migration_in_an_image_is_Unknown_and_the_history_is_read()
    {
        await using var server = await StartAsync(Image, "tar");
        using var engine = Engine(server);
        var graph = await new HistoryReader(Observed.Deployment(), engine).GraphAsync("sha256:5f", Cancellation);
        Assert.Equal(["a"], graph.Heads);
        Assert.Contains(graph.Find("a")!.Upgrade, change => change is Runback.Runbook.Migrations.Changes.Unknown);
    }

    private const string Image = """{"Id": "sha256:5f", "Config": {"WorkingDir": "/srv"}}""";

    private static byte[] Tar()
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "versions/a.py")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes("revision = 'a'\ndown_revision = None\nfrom alembic import op\n\ndef upgrade():\n    x = []\n    x.append(x)\n    op.execute(f'{x}')\n")),
            });
        }

        return tar.ToArray();
    }

    private static EngineApi Engine(LoopbackServer server) => new(async cancellation =>
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port, cancellation);
        return client.GetStream();
    });

    private static Task<LoopbackServer> StartAsync(string image, string archive) => LoopbackServer.StartAsync(
        async (_, context) =>
        {
            var path = context.Request.Path.Value!;
            // {"name": "versions"}
            context.Response.Headers["X-Docker-Container-Path-Stat"] = "eyJuYW1lIjogInZlcnNpb25zIn0=";
            if (path == "/version")
                await context.Response.WriteAsync("""{"ApiVersion": "1.52", "MinAPIVersion": "1.44"}""");
            else if (path.EndsWith("/containers/create", StringComparison.Ordinal))
                await context.Response.WriteAsync("""{"Id": "abc"}""");
            else if (path.EndsWith("/archive", StringComparison.Ordinal) && archive == "tar")
                await context.Response.Body.WriteAsync(Tar());
            else if (path.EndsWith("/archive", StringComparison.Ordinal) && archive == "endless")
                await EndlessAsync(context);
            else if (path.EndsWith("/archive", StringComparison.Ordinal))
                await context.Response.WriteAsync(new string('x', 5_000));
            else
                await context.Response.WriteAsync(image);
        },
        Cancellation);

    // A folder that never ends: whoever reads it must stop by themselves.
    private static async Task EndlessAsync(HttpContext context)
    {
        var piece = new byte[1 << 20];
        while (!context.RequestAborted.IsCancellationRequested)
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
    }
}
