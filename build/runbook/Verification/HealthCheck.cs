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

    // What was found is told all the same where more can't be asked.
    private static async Task<string> HintAsync(VerificationContext context, ProbeResult probe, CancellationToken cancellation)
    {
        const string Usual = "see the proxy's and the api's logs, and that the base URL is right";
        try
        {
            return probe.Status is null or 502 or 503 or 504 ? await ProxyAsync(context, cancellation) ?? Usual : Usual;
        }
        catch (Exception exception) when (exception is RunbookException or OperationCanceledException)
        {
            return Usual;
        }
    }

    // A proxy that looked the name up once goes on asking an address that nobody has any more, or another container.
    private static async Task<string?> ProxyAsync(VerificationContext context, CancellationToken cancellation)
    {
        var deployment = context.Deployment;
        var containers = await context.Engine.ContainersAsync(cancellation, $"{Labels.Project}={context.Project}", $"{Labels.OneOff}=False");
        var states = await ServiceObserver.OfAsync(deployment, containers, context.Engine, cancellation);
        if (!states.Where(state => deployment.ServingServices.Contains(state.Service, StringComparer.Ordinal)).All(state => state.Container is { Health: "healthy" }))
            return null;
        var proxies = containers
            .Where(container => container.IsRunning && container.Settings.Ports.Any(port => port.Contains($":{deployment.BaseUrl.Port}->", StringComparison.Ordinal)))
            .Select(container => container.Labels.GetValueOrDefault(Labels.Service)).OfType<string>()
            .Except(deployment.Services, StringComparer.Ordinal).Distinct(StringComparer.Ordinal).ToList();
        var serving = string.Join(" and ", deployment.ServingServices);
        return proxies.Count == 0
            ? $"the containers of {serving} are healthy, but what stands in front doesn't reach them: reload it, as it may have kept the address of a container that is gone"
            : $"the containers of {serving} are healthy, but {string.Join(" and ", proxies)} in front may have kept the address of a container that is gone: {new Compose(deployment).Restart(proxies)}";
    }
}
