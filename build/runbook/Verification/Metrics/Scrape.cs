using System.Globalization;

namespace Runback.Runbook.Verification.Metrics;

/// <summary>One look at the metrics.</summary>
/// <param name="Page">What they say, or null.</param>
/// <param name="Own">What this tool itself had asked of the application by then: it isn't what clients feel.</param>
/// <param name="Found">The answer in a few words.</param>
/// <param name="Hint">What to do when there is no page, or null.</param>
public sealed record Scrape(MetricsPage? Page, ErrorShare Own, string Found, string? Hint)
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
        var answer = await probe.GetAsync(new Uri(baseUrl, options.Path), limit, cancellation, options.Token, MaximumPage);
        var own = new ErrorShare(probe.Answered.Errors, probe.Answered.All);
        if (!answer.IsSuccess)
        {
            return new Scrape(null, own, answer.Found, answer.Status is 401 or 403
                ? options.Token is null ? "give the token by --metrics-token, or name its variable of the env file by --metrics-token-variable" : "the token was refused: compare it with the one that the application has"
                : "see --metrics-path, and that the proxy lets it through");
        }
        try
        {
            var page = MetricsPage.Parse(answer.Body);
            return new Scrape(page, own, string.Create(CultureInfo.InvariantCulture, $"{answer.Found}, {page.Samples.Count} series"), null);
        }
        catch (FormatException wrong)
        {
            return new Scrape(null, own, $"{answer.Found}; the body is {answer.ContentType ?? "of no type"}, not Prometheus text: {wrong.Message}", "see --metrics-path: something else answers there");
        }
    }

    /// <summary>The share of errors among what others asked between two looks, or null when one of them has no page.</summary>
    public static ErrorShare? Between(Scrape first, Scrape second, SeriesSelector errors) => first.Page is null || second.Page is null ? null
        : ErrorShare.Between(first.Page, second.Page, errors).Without(new ErrorShare(second.Own.Errors - first.Own.Errors, second.Own.All - first.Own.All));
}
