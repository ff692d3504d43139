using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Tests.Runs;

/// <summary>These set this process's environment, so they run when no other test does.</summary>
[CollectionDefinition(nameof(TracingTests), DisableParallelization = true)]
[Collection(nameof(TracingTests))]
public sealed class TracingTests : IDisposable
{
    // A collector that hangs would hold the run so long (OTEL_EXPORTER_OTLP_TIMEOUT's default, 10 s) if nothing ended it before.
    private static readonly TimeSpan BelowExporterTimeout = TimeSpan.FromSeconds(9);
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Password = "hunter2-hunter2";
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private readonly string _folder = Directory.CreateTempSubdirectory("runback-trace-").FullName;
    private readonly Secrets _secrets = new();

    public TracingTests() => _secrets.Add(Password);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var name in (string[])[Endpoint, "TRACEPARENT", "OTEL_SERVICE_NAME"])
            Environment.SetEnvironmentVariable(name, null);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_run_is_one_trace_with_its_steps_and_changes_beneath_the_callers_span()
    {
        await using var collector = await Collector.StartAsync(hangs: false, Cancellation);
        Environment.SetEnvironmentVariable(Endpoint, collector.Address);
        Environment.SetEnvironmentVariable("TRACEPARENT", Parent);
        string? trace = null;
        await WorkAsync(run => trace = run.Tracing.TraceId);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", trace);
        Assert.All(collector.Requests, request => Assert.Equal(("/v1/traces", "application/x-protobuf"), (request.Path, request.ContentType)));
        var text = collector.Text;
        Assert.All((string[])["service.name", "runback", "Rollback", "Preflight", "RollbackApp", "docker compose", "runback.outcome", "Failed", "it hangs"],
            word => Assert.Contains(word, text, StringComparison.Ordinal));
        // Run, two steps, one change: each names the trace once, and the run names its parent.
        Assert.Equal(4, Count(text, Encoding.Latin1.GetString(Convert.FromHexString(trace!))));
        Assert.Equal(1, Count(text, Encoding.Latin1.GetString(Convert.FromHexString("b7ad6b7169203331"))));
    }

    [Fact(Timeout = 120_000)]
    public async Task No_secret_gets_into_a_span()
    {
        await using var collector = await Collector.StartAsync(hangs: false, Cancellation);
        Environment.SetEnvironmentVariable(Endpoint, collector.Address);
        await WorkAsync(run => run.Result.Summary = $"{Password} was refused");
        Assert.Contains("*** was refused", collector.Text, StringComparison.Ordinal);
        Assert.Contains("--password ***", collector.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, collector.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_services_name_can_be_given()
    {
        await using var collector = await Collector.StartAsync(hangs: false, Cancellation);
        Environment.SetEnvironmentVariable(Endpoint, collector.Address);
        Environment.SetEnvironmentVariable("OTEL_SERVICE_NAME", "cleaning-rollbacks");
        await WorkAsync(_ => { });
        Assert.Contains("cleaning-rollbacks", collector.Text, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_collector_that_hangs_is_given_up_before_its_exporter_would()
    {
        await using var collector = await Collector.StartAsync(hangs: true, Cancellation);
        Environment.SetEnvironmentVariable(Endpoint, collector.Address);
        var end = await WorkAsync(_ => { });
        Assert.Single(collector.Requests);
        Assert.InRange(end, TimeSpan.Zero, BelowExporterTimeout);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_collector_that_is_not_there_changes_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Environment.SetEnvironmentVariable(Endpoint, $"http://127.0.0.1:{port}");
        Assert.InRange(await WorkAsync(_ => { }), TimeSpan.Zero, BelowExporterTimeout);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("not an address")]
    [InlineData("ftp://127.0.0.1")]
    public async Task An_address_that_cannot_be_used_changes_nothing(string address)
    {
        Environment.SetEnvironmentVariable(Endpoint, address);
        Assert.InRange(await WorkAsync(_ => { }), TimeSpan.Zero, BelowExporterTimeout);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_packages_are_loaded_for_a_collector_only()
    {
        await using var collector = await Collector.StartAsync(hangs: false, Cancellation);
        Assert.Empty(PackagesLoaded(_ => null));
        Assert.Empty(PackagesLoaded(name => name == Endpoint ? " " : null));
        Assert.Empty(PackagesLoaded(name => name switch { Endpoint => collector.Address, "OTEL_SDK_DISABLED" => "true", _ => null }));
        Assert.Contains("OpenTelemetry", PackagesLoaded(name => name == Endpoint ? collector.Address : null));
    }

    /// <summary>A run with two steps, one of which makes a change that fails; gives how long its end took.</summary>
    private async Task<TimeSpan> WorkAsync(Action<Run> before)
    {
        var run = Run.Begin(Path.Combine(_folder, ".runback"), "Rollback", new Narration(TextWriter.Null, _secrets), _secrets, dryRun: false);
        before(run);
        await Task.WhenAll(
            Task.Run(() => { using var span = run.Tracing.Step("Preflight"); }, Cancellation),
            Task.Run(async () =>
            {
                using var span = run.Tracing.Step("RollbackApp");
                await Assert.ThrowsAsync<TimeoutException>(() => run.Shell.ChangeAsync($"docker compose up --password {Password}", () => throw new TimeoutException("it hangs")));
            }, Cancellation));
        run.Result.Outcome = Outcome.Failed;
        run.End();
        var start = Stopwatch.GetTimestamp();
        run.Dispose();
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>The packages' assemblies that a run's trace loads into a load context that has none yet.</summary>
    private static List<string> PackagesLoaded(Func<string, string?> environment)
    {
        var context = new FreshContext();
        var library = context.LoadFromAssemblyPath(typeof(Tracing).Assembly.Location);
        Type Of(Type type) => library.GetType(type.FullName!, throwOnError: true)!;
        var (tracing, narration) = (Of(typeof(Tracing)), Of(typeof(Narration)).GetProperty(nameof(Narration.Silent))!.GetValue(null));
        var trace = tracing.GetMethod(nameof(Tracing.Begin))!.Invoke(null, ["r1", "Rollback", environment, Activator.CreateInstance(Of(typeof(Secrets))), narration]);
        (tracing.GetMethod(nameof(Tracing.Step))!.Invoke(trace, ["Preflight"]) as IDisposable)?.Dispose();
        (tracing.GetMethod(nameof(Tracing.Change))!.Invoke(null, ["docker compose up"]) as IDisposable)?.Dispose();
        return [.. context.Assemblies.Select(assembly => assembly.GetName().Name!).Where(name => name.StartsWith("OpenTelemetry", StringComparison.Ordinal))];
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private sealed class FreshContext() : AssemblyLoadContext("fresh")
    {
        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var file = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
            return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
        }
    }
}
