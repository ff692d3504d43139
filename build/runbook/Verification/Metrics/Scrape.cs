using System.Globalization;

namespace Runback.Runbook.Verification.Metrics;

/// <summary>One look at the metrics.</summary>
/// <param name="Page">What they say, or null.</param>
/// <param name="Before">What this tool itself had asked of the application before it looked.</param>
/// <param name="Own">What it had asked when it had the answer: it isn't what clients feel.</param>
/// <param name="Found">The answer in a few words.</param>
/// <param name="Hint">What to do when there is no page, or null.</param>
public sealed record Scrape(MetricsPage? Page, OwnRequests Before, OwnRequests Own, string Found, string? Hint)
{
    private const int MaximumPage = 16 << 20;

    /// <summary>Looks; never throws for what the application answers.</summary>
    /// <param name="options">Where to look.</param>
    /// <param name="baseUrl">What the path is relative to.</param>
    /// <param name="probe">Asks.</param>
    /// <param name="limit">How long the answer may take.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<Scrape> TakeAsync(MetricsOptions options, Uri baseUrl, HttpProbe probe, TimeSpan limit, CancellationToken cancellation)
    {
        var before = probe.Own;
        var answer = await probe.GetAsync(new Uri(baseUrl, options.Path), limit, cancellation, options.Token, MaximumPage);
        var own = probe.Own;
        if (!answer.IsSuccess)
        {
            return new Scrape(null, before, own, answer.Found, answer.Status is 401 or 403
                ? options.Token is null ? "give the token by --metrics-token, or name its variable of the env file by --metrics-token-variable" : "the token was refused: compare it with the one that the application has"
                : "see --metrics-path, and that the proxy lets it through");
        }
        try
        {
            var page = MetricsPage.Parse(answer.Body);
            return new Scrape(page, before, own, string.Create(CultureInfo.InvariantCulture, $"{answer.Found}, {page.Samples.Count} series"), null);
        }
        catch (FormatException wrong)
        {
            return new Scrape(null, before, own, $"{answer.Found}; the body is {answer.ContentType ?? "of no type"}, not Prometheus text: {wrong.Message}", "see --metrics-path: something else answers there");
        }
    }

    /// <summary>
    /// The share of errors among what others asked between two looks; null when one of them has no page, or when the pages can't be compared: another process, or the same one
    /// started again, counts from its own beginning.
    /// </summary>
    public static ErrorShare? Between(Scrape first, Scrape second, SeriesSelector errors) =>
        first.Page is { } earlier && second.Page is { } later && later.Continues(earlier, errors.Name) ? ErrorShare.Between(earlier, later, errors, second.Own.Since(first.Before)) : null;
}
