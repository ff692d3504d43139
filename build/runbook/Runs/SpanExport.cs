using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Runback.Runbook.Runs;

/// <summary>Sends spans to an OTLP collector, by the standard's own environment variables. The only type that touches the packages.</summary>
internal static class SpanExport
{
    private const string ServiceName = "runback";

    /// <summary>Begins to listen to this program's spans and to send them, in the background.</summary>
    /// <param name="secrets">What is masked in every span.</param>
    /// <returns>Sends what is left and ends; gives whether that could be done in the time given.</returns>
    public static Func<TimeSpan, bool> Start(Secrets secrets)
    {
        var provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(Tracing.SourceName)
            // The environment comes last: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService(ServiceName, autoGenerateServiceInstanceId: false).AddTelemetrySdk().AddEnvironmentVariableDetector())
            .AddProcessor(new Masking(secrets))
            .AddOtlpExporter(Configure)
            .Build();
        return limit =>
        {
            // An exporter that hangs in a connection looks at its own time limit only.
            var ending = Task.Run(() =>
            {
                var isSent = provider.Shutdown((int)limit.TotalMilliseconds);
                provider.Dispose();
                return isSent;
            });
            return ending.Wait(limit) && ending.Result;
        };
    }

    // The standard's own protocol where none is named; the package's would be gRPC.
    private static void Configure(OtlpExporterOptions options)
    {
        var names = (string[])["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];
        if (names.All(name => string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name))))
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
    }

    private sealed class Masking(Secrets secrets) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            data.DisplayName = secrets.Mask(data.DisplayName);
            foreach (var (name, value) in data.TagObjects.ToList())
            {
                if (value is string text)
                    data.SetTag(name, secrets.Mask(text));
            }
            if (data.StatusDescription is { } description)
                data.SetStatus(data.Status, secrets.Mask(description));
        }
    }
}
