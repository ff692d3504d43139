namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>
/// The address under which the result will be verified is the application's: while its containers are healthy, something answers there. An application that
/// is down may well be silent; then nothing can be said.
/// </summary>
public sealed class BaseUrlGate : IGate
{
    /// <inheritdoc/>
    public string Name => "base URL";

    /// <inheritdoc/>
    public Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation)
    {
        var (health, url) = (context.Situation.Health, context.Deployment.BaseUrl);
        var healthy = context.Situation.Services.Where(state => context.Deployment.ServingServices.Contains(state.Service, StringComparer.Ordinal)).ToList();
        var isWrong = health.Status is null or (>= 300 and < 400) && healthy.Count > 0 && healthy.TrueForAll(state => state.Container is { Health: "healthy" });
        return Task.FromResult(isWrong
            ? new GateResult(Name, false,
                $"expected {health.Url} to answer, since the containers of {string.Join(" and ", healthy.Select(state => state.Service))} are healthy, found: {health.Found}",
                "what is rolled back to would be judged by that address: mend --base-url or the proxy")
            : new GateResult(Name, true, $"{url} answers {health.Found}"));
    }
}
