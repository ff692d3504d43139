using Runback.Runbook.Cutover;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>Where containers are to overlap, there can be two of each serving service: no fixed name, no published port.</summary>
public sealed class OverlapGate : IGate
{
    /// <inheritdoc/>
    public string Name => "cutover";

    /// <inheritdoc/>
    public Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation)
    {
        var single = context.Deployment.ServingServices.Where(service => context.Situation.Project.Service(service).IsSingle).ToList();
        return Task.FromResult(context.Request.Cutover == CutoverMode.Overlap && single.Count > 0
            ? new GateResult(Name, false, $"expected services of which two can run, found a fixed name or a published port for {string.Join(" and ", single)}", "use --cutover Recreate")
            : new GateResult(Name, true, context.Request.Cutover.ToString()));
    }
}
