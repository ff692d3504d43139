using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>The profile's smoke requests are answered as expected, through the proxy.</summary>
public sealed class SmokeCheck : ICheck
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => "smoke requests";

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        var records = await Task.WhenAll(context.SmokeRequests.Select(request =>
            AskAsync(request, context.Probe, context.Deployment.BaseUrl, context.OneAnswer(OneAnswer), context.Limit, cancellation)));
        if (records.Length == 0)
            return new CheckRecord(Name, true, "answers as the profile says", "no smoke request in the profile", null);
        var failed = records.Where(record => !record.Passed).ToList();
        return new CheckRecord(
            Name, failed.Count == 0, $"{records.Length} answered as the profile says",
            failed.Count == 0 ? $"{records.Length}" : string.Join("; ", failed.Select(record => $"{record.Name}: expected {record.Expected}, found {record.Found}")),
            failed.Count == 0 ? null : "see the api's log for these requests");
    }

    /// <summary>Sends one of them until it is answered as expected or the time is up.</summary>
    /// <param name="request">The request.</param>
    /// <param name="probe">Sends it.</param>
    /// <param name="baseUrl">What its path is relative to.</param>
    /// <param name="oneAnswer">How long one answer may take.</param>
    /// <param name="limit">How long it is tried.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<CheckRecord> AskAsync(
        SmokeRequest request, HttpProbe probe, Uri baseUrl, TimeSpan oneAnswer, TimeSpan limit, CancellationToken cancellation)
    {
        string? found = null;
        ProbeResult? answer = null;
        await Patience.UntilAsync(limit, async () =>
        {
            answer = await probe.SendAsync(request.Method, new Uri(baseUrl, request.Path), oneAnswer, cancellation);
            found = request.Judge(answer);
            return found is null;
        }, cancellation);
        return new CheckRecord(
            $"{request.Method} {request.Path}", found is null, request.Expected, found ?? answer!.Found, found is null ? null : "see the release's log for this request");
    }
}
