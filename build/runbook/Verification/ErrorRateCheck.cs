using System.Globalization;
using Runback.Runbook.Runs;
using Runback.Runbook.Verification.Metrics;

namespace Runback.Runbook.Verification;

/// <summary>
/// The share of requests that end in an error, between two scrapes some seconds apart, isn't surely above the limit, or surely no higher than it was before the exchange: it is
/// judged by where the share can lie (<see cref="RateInterval"/>), and as long as that is on both sides of the limit it is unknown. What this tool asked itself isn't counted.
/// </summary>
public sealed class ErrorRateCheck : ICheck
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(10);

    // One failed request of three says little about a release.
    private const int Enough = 20;

    // Where the pages come from several processes in turn, two of the same one are wanted.
    private const int MostLooks = 5;

    /// <inheritdoc/>
    public string Name => "error rate";

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        if (context.Metrics is not { Errors: { } errors } options)
            return null;
        List<Scrape> looks = [await TakeAsync()];
        var expected = string.Create(CultureInfo.InvariantCulture, $"at most {options.Limit:P0} of the requests in {errors}, or no more than before").Replace(" %", "%", StringComparison.Ordinal);
        while (looks.Count < MostLooks)
        {
            await Task.Delay(Window(context.SettleTime), cancellation);
            var now = await TakeAsync();
            if (now.Page is null || looks[0].Page is null)
                return new CheckRecord(Name, false, expected, (now.Page is null ? now : looks[0]).Found, (now.Page is null ? now : looks[0]).Hint);
            if (looks.Select(earlier => Scrape.Between(earlier, now, errors)).FirstOrDefault(share => share is not null) is { } share)
                return Judge(share, context.ErrorsBefore, options.Limit, expected);
            looks.Add(now);
        }
        return new CheckRecord(Name, true, expected, $"unknown: {looks.Count} looks at {options.Path}, each from another process or after a restart", null)
        {
            Warnings = ["errors: unknown, the counters began anew between the looks"],
        };

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
        var interval = RateInterval.Of(now);
        var isAbove = now.All >= Enough && interval.Low > limit;
        // As high before as it surely is now, and seen by as many requests.
        var asBefore = before is { All: >= Enough } earlier && earlier.Value >= interval.Low;
        var passed = !isAbove || asBefore;
        var isUnknown = !isAbove && interval.High > limit;
        IReadOnlyList<string> warnings = now.Errors > 0 && passed && now.Value > limit ? [$"errors: {now}{(isAbove ? ": as before" : ": too few to judge by")}"] : [];
        return new CheckRecord(
            Name, passed, expected, $"{(isUnknown ? "unknown: " : "")}{now}{(now.All > 0 ? $", surely {interval}" : "")}{(before is { } known ? $"; before: {known}" : "")}",
            passed ? null : "see the api's log for what fails; while newer migrations are kept, whoever else asks the ready path gets 503: leave that path out of --error-series, where the series have it") { Warnings = warnings };
    }

    // As long as the containers are watched anyway.
    private static TimeSpan Window(TimeSpan settle) => TimeSpan.FromSeconds(Math.Clamp(settle.TotalSeconds, 1, 5));
}
