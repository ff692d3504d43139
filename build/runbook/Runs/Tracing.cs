using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Runback.Runbook.Runs;

/// <summary>
/// A run as one trace, with a span for each step and each change, when a collector is named in the environment
/// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). Without one nobody listens, nothing is loaded, and spans cost nothing.
/// </summary>
public sealed class Tracing
{
    // Whoever waits for production to be back doesn't wait for a collector.
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(2);
    private static readonly ActivitySource Source = new(SourceName);
    private readonly Activity? _root;
    private readonly Func<TimeSpan, bool>? _flush;

    private Tracing(Activity? root, Func<TimeSpan, bool>? flush)
    {
        _root = root;
        _flush = flush;
    }

    /// <summary>The name under which spans are made.</summary>
    public const string SourceName = "Runback";

    /// <summary>A trace that nobody sees.</summary>
    public static Tracing None { get; } = new(null, null);

    /// <summary>The trace's id, to be found by; null without a collector.</summary>
    public string? TraceId => _root?.TraceId.ToHexString();

    /// <summary>Begins a run's trace, beneath the span that <c>TRACEPARENT</c> names where it names one (W3C Trace Context).</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="target">The target that was asked for.</param>
    /// <param name="environment">Gives an environment variable's value, or null.</param>
    /// <param name="secrets">What is masked in every span.</param>
    /// <param name="narration">Where it is said that there is no trace although one is wanted.</param>
    public static Tracing Begin(string run, string target, Func<string, string?> environment, Secrets secrets, Narration narration)
    {
        if (!IsWanted(environment))
            return None;
        try
        {
            var flush = Export(secrets);
            ActivityContext.TryParse(environment("TRACEPARENT"), environment("TRACESTATE"), isRemote: true, out var parent);
            var root = Source.StartActivity(target, ActivityKind.Internal, parent);
            root?.SetTag("runback.run", run).SetTag("runback.target", target);
            return new Tracing(root, flush);
        }
        catch (Exception exception)
        {
            // Traces are for looking back; they stop nobody who acts.
            narration.Warn($"there is no trace of this run: {exception.Message}", "see the variables OTEL_… of this process");
            return None;
        }
    }

    /// <summary>Begins a step's span; disposing it ends it.</summary>
    public Activity? Step(string name) => _root is null ? null
        : Source.StartActivity(name, ActivityKind.Internal, _root.Context)?.SetTag("runback.step", name);

    /// <summary>Begins a change's span, beneath the step that makes it; disposing it ends it.</summary>
    /// <param name="pasteable">The change as a person would make it.</param>
    public static Activity? Change(string pasteable)
    {
        var span = Source.StartActivity("change");
        if (span is null)
            return null;
        span.DisplayName = pasteable.Split(' ', 3) is [var program, var verb, ..] ? $"{program} {verb}" : pasteable;
        return span.SetTag("runback.command", pasteable);
    }

    /// <summary>Notes on a span that what it stands for failed.</summary>
    public static void Fail(Activity? span, Exception exception) => span?.SetStatus(ActivityStatusCode.Error, exception.Message);

    /// <summary>Ends the trace and hands it to the collector, for two seconds at most; whether it could is nobody's concern but the collector's.</summary>
    public void End(RunResult result)
    {
        if (_root is null || _flush is null)
            return;
        _root.SetTag("runback.outcome", result.Outcome.ToString())
            .SetTag("runback.exit_code", result.ExitCode)
            .SetTag("runback.strategy", result.Strategy)
            .SetTag("runback.from", result.From?.Tag)
            .SetTag("runback.to", result.To?.Tag);
        if (result.Outcome != Outcome.Done)
            _root.SetStatus(ActivityStatusCode.Error, result.Summary);
        _root.Dispose();
        _flush(LongestFlush);
    }

    private static bool IsWanted(Func<string, string?> environment) =>
        (!string.IsNullOrWhiteSpace(environment("OTEL_EXPORTER_OTLP_ENDPOINT")) || !string.IsNullOrWhiteSpace(environment("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")))
        && !string.Equals(environment("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
        && environment("OTEL_TRACES_EXPORTER") != "none";

    // The packages are loaded when this method is compiled, so nothing else may be compiled with it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Func<TimeSpan, bool> Export(Secrets secrets) => SpanExport.Start(secrets);
}
