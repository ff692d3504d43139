using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>The health path answers 200 through the proxy.</summary>
public sealed class HealthCheck : ICheck
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Name => "health";

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        var url = new Uri(context.Deployment.BaseUrl, context.Deployment.HealthPath);
        ProbeResult? probe = null;
        await Patience.UntilAsync(
            context.Limit, async () => (probe = await context.Probe.GetAsync(url, context.OneAnswer(OneAnswer), cancellation)).IsSuccess, cancellation);
        return new CheckRecord(Name, probe!.IsSuccess, $"{url} answers 200", probe.Found, probe.IsSuccess ? null : "see the proxy's and the api's logs, and that the base URL is right");
    }
}
