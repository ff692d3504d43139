using System.Globalization;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification.Metrics;

namespace Runback.Runbook.Verification;

/// <summary>
/// The share of requests that end in an error, between two scrapes some seconds apart, isn't above the limit, or no higher than it was before the
/// exchange. What this tool asked itself isn't counted.
/// </summary>
public sealed class ErrorRateCheck : ICheck
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(10);

    // One failed request of three says little about a release.
    private const int Enough = 20;

    /// <inheritdoc/>
    public string Name => "error rate";

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        if (context.Metrics is not { Errors: { } errors } options)
            return null;
        var first = await TakeAsync();
        await Task.Delay(Window(context.SettleTime), cancellation);
        var second = await TakeAsync();
        var expected = string.Create(CultureInfo.InvariantCulture, $"at most {options.Limit:P0} of the requests in {errors}, or no more than before").Replace(" %", "%", StringComparison.Ordinal);
        return Scrape.Between(first, second, errors) is { } now
            ? Judge(now, context.ErrorsBefore, options.Limit, expected)
            : new CheckRecord(Name, false, expected, (second.Page is null ? second : first).Found, (second.Page is null ? second : first).Hint);

        // A proxy that finds the new container a moment late says nothing of the errors.
        async Task<Scrape> TakeAsync()
        {
            Scrape? scrape = null;
            await Patience.UntilAsync(
                context.Limit,
                async () => (scrape = await Scrape.TakeAsync(options, context.Deployment.BaseUrl, context.Probe, context.OneAnswer(OneAnswer), cancellation)).Page is not null,
                cancellation);
            return scrape!;
        }
    }

    internal CheckRecord Judge(ErrorShare now, ErrorShare? before, double limit, string expected)
    {
        var passed = now.All < Enough || now.Value <= limit || (before is { All: >= Enough } earlier && now.Value <= earlier.Value);
        var warnings = now.Errors > 0 && passed && now.Value > limit ? [$"errors: {now}{(now.All < Enough ? ": too few to judge by" : ": as before")}"] : (IReadOnlyList<string>)[];
        return new CheckRecord(
            Name, passed, expected, $"{now}{(before is { } known ? $"; before: {known}" : "")}", passed ? null : "see the api's log for what fails; while newer migrations are kept, whoever else asks the ready path gets 503: leave that path out of --error-series, where the series have it") { Warnings = warnings };
    }

    // As long as the containers are watched anyway.
    private static TimeSpan Window(TimeSpan settle) => TimeSpan.FromSeconds(Math.Clamp(settle.TotalSeconds, 1, 5));
}
