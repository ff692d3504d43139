using Runback.Runbook.Verification;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>
/// The address under which the result will be verified is the application's: while its containers are healthy, something answers there. An application that
/// is down may well be silent; then nothing can be said.
/// </summary>
public sealed class BaseUrlGate : IGate
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => "base URL";

    /// <inheritdoc/>
    public async Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation)
    {
        var (health, url) = (context.Situation.Health, context.Deployment.BaseUrl);
        var healthy = context.Situation.Services.Where(state => context.Deployment.ServingServices.Contains(state.Service, StringComparer.Ordinal)).ToList();
        if (healthy.Count == 0 || !healthy.TrueForAll(state => state.Container is { Health: "healthy" }))
            return Passed(health);
        // A host that is busy, as one in an incident often is, lets an answer wait.
        if (health.Status is null && context.Probe is { } probe)
        {
            await Patience.UntilAsync(Again, async () =>
            {
                health = await probe.GetAsync(health.Url, OneAnswer, cancellation);
                return health.Status is not null;
            }, cancellation);
        }
        return health.Status is not (null or (>= 300 and < 400)) ? Passed(health) : new GateResult(
            Name, false,
            $"expected {health.Url} to answer, since the containers of {string.Join(" and ", healthy.Select(state => state.Service))} are healthy, found: {health.Found}",
            "what is rolled back to would be judged by that address: mend --base-url or the proxy");

        GateResult Passed(ProbeResult answer) => new(Name, true, $"{url} answers {answer.Found}");
    }
}
