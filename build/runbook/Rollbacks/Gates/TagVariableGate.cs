using Runback.Runbook.Cutover;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>The tag variable decides what every app service runs (trap 2), or the operator accepted an override file that makes it so.</summary>
public sealed class TagVariableGate : IGate
{
    /// <inheritdoc/>
    public string Name => "tag variable";

    /// <inheritdoc/>
    public async Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation)
    {
        var variable = context.Deployment.TagVariable;
        try
        {
            await new Pin(context.Deployment).ThrowUnlessPinnableAsync();
        }
        catch (Exception exception) when (exception is RunbookException or IOException or UnauthorizedAccessException)
        {
            return new GateResult(Name, false, exception.Message, (exception as RunbookException)?.Hint ?? "make the env file readable");
        }
        var unpinned = await TagVariable.UnpinnedAsync(context.Deployment, context.Shell, cancellation);
        if (unpinned.Count == 0)
            return new GateResult(Name, true, $"{variable} decides the image of {string.Join(" and ", context.Deployment.Services)}");
        var found = string.Join(", ", unpinned.Select(service => $"{service.Service} has {service.Image ?? "only a build section"}"));
        return context.Request.AcceptOverride
            ? new GateResult(Name, true, $"{found}; {Deployments.Deployment.OverrideFile} will make them follow {variable}, as accepted")
            : new GateResult(Name, false,
                $"expected {context.Deployment.Image}:${{{variable}}} for every app service, found: {found}; the rollback would do nothing for them",
                "change the compose file, or accept a generated one that does it: --accept-override");
    }
}
