using Runback.Runbook.Runs;
using Runback.Runbook.Verification.Metrics;

namespace Runback.Runbook.Verification;

/// <summary>The metrics are served to the bearer of the token, in Prometheus' text format, with the series that the profile names.</summary>
public sealed class MetricsCheck : ICheck
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => "metrics";

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        if (context.Metrics is not { } options)
            return null;
        Scrape? scrape = null;
        List<SeriesSelector> missing = [];
        await Patience.UntilAsync(context.Limit, async () =>
        {
            scrape = await Scrape.TakeAsync(options, context.Deployment.BaseUrl, context.Probe, context.OneAnswer(OneAnswer), cancellation);
            missing = [.. options.Series.Where(series => scrape.Page?.Samples.Any(series.Matches) != true)];
            return scrape.Page is not null && missing.Count == 0;
        }, cancellation);
        var passed = scrape!.Page is not null && missing.Count == 0;
        return new CheckRecord(
            Name, passed, $"{options.Path} in Prometheus' text format{(options.Series.Count == 0 ? "" : $" with {string.Join(", ", options.Series)}")}",
            scrape.Page is null || passed ? scrape.Found : $"{scrape.Found}, none of them {string.Join(", ", missing)}",
            passed ? null : scrape.Hint ?? "see --metrics-series, and which series this release has");
    }
}
