using Runback.Runbook.Deployments;
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
        return new CheckRecord(Name, probe!.IsSuccess, $"{url} answers 200", probe.Found, probe.IsSuccess ? null : await HintAsync(context, probe, cancellation));
    }

    // A proxy that looked the name up once goes on asking an address that nobody has any more, or another container.
    private static async Task<string> HintAsync(VerificationContext context, ProbeResult probe, CancellationToken cancellation)
    {
        const string Usual = "see the proxy's and the api's logs, and that the base URL is right";
        var deployment = context.Deployment;
        if (probe.Status is not (null or 502 or 503 or 504))
            return Usual;
        var states = await ServiceObserver.ObserveAsync(deployment, context.Project, context.Engine, cancellation);
        if (!states.Where(state => deployment.ServingServices.Contains(state.Service, StringComparer.Ordinal)).All(state => state.Container is { Health: "healthy" }))
            return Usual;
        var containers = await context.Engine.ContainersAsync(cancellation, $"{Labels.Project}={context.Project}", $"{Labels.OneOff}=False");
        var proxies = containers.Where(container => container.IsRunning && container.Settings.Ports.Any(port => port.Contains($":{deployment.BaseUrl.Port}->", StringComparison.Ordinal)))
            .Select(container => container.Labels.GetValueOrDefault(Labels.Service)).OfType<string>().Except(deployment.Services, StringComparer.Ordinal).Distinct(StringComparer.Ordinal).ToList();
        return proxies.Count == 0
            ? $"{string.Join(" and ", deployment.ServingServices)} are healthy: what stands in front of them doesn't reach them; reload it, as it may have kept the address of a container that is gone"
            : $"{string.Join(" and ", deployment.ServingServices)} are healthy, and {string.Join(" and ", proxies)} in front of them may have kept the address of a container that is gone: {new Compose(deployment).Restart(proxies)}";
    }
}
