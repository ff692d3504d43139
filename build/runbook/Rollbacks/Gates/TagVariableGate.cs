using Runback.Runbook.Cutover;
using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Rollbacks.Gates;

/// <summary>
/// The tag variable decides what every app service runs (trap 2), or the operator accepted an override file that makes it so; and it decides nothing else that
/// runs, which would stay on the release that is left, or be pinned to a digest of another repository.
/// </summary>
public sealed class TagVariableGate : IGate
{
    /// <inheritdoc/>
    public string Name => "tag variable";

    /// <inheritdoc/>
    public async Task<GateResult> JudgeAsync(GateContext context, CancellationToken cancellation)
    {
        var (deployment, variable) = (context.Deployment, context.Deployment.TagVariable);
        try
        {
            await new Pin(context.Deployment).ThrowUnlessPinnableAsync();
        }
        catch (Exception exception) when (exception is RunbookException or IOException or UnauthorizedAccessException)
        {
            return new GateResult(Name, false, exception.Message, (exception as RunbookException)?.Hint ?? "make the env file readable");
        }
        var probed = await TagVariable.ProbedAsync(deployment, context.Shell, cancellation);
        var others = TagVariable.Others(deployment, context.Situation.Project, probed);
        if (await ElsewhereAsync(context, others, cancellation) is { } refused)
            return refused;
        WarnOfMigrations(context, others);

        var unpinned = TagVariable.Unpinned(deployment, probed);
        if (unpinned.Count == 0)
            return new GateResult(Name, true, $"{variable} decides the image of {string.Join(" and ", deployment.Services)}");
        var found = string.Join(", ", unpinned.Select(service => $"{service.Service} has {service.Image ?? "only a build section"}"));
        return context.Request.AcceptOverride
            ? new GateResult(Name, true, $"{found}; {Deployment.OverrideFile} will make them follow {variable}, as accepted")
            : new GateResult(Name, false,
                $"expected {deployment.Image}:${{{variable}}} for every app service, found: {found}; the rollback would do nothing for them",
                "change the compose file, or accept a generated one that does it: --accept-override");
    }

    private async Task<GateResult?> ElsewhereAsync(GateContext context, IReadOnlyList<ComposeService> others, CancellationToken cancellation)
    {
        var (deployment, variable) = (context.Deployment, context.Deployment.TagVariable);
        var foreign = others.Where(service => !IsRelease(deployment, service)).ToList();
        if (foreign.Count > 0)
        {
            return new GateResult(Name, false,
                $"expected {variable} to choose the image of {string.Join(" and ", deployment.Services)} alone, found it in {string.Join(" and ", foreign.Select(service => $"{service.Name} ({service.Image})"))} too: "
                + "the release is pinned by its digest, which no other repository has, so that the next `docker compose up` would fail",
                $"give {string.Join(" and ", foreign.Select(service => service.Name))} a variable of its own in the compose file");
        }
        if (others.Count == 0)
            return null;
        var running = (await EngineApi.Shared.ListAsync(cancellation, $"{Labels.Project}={context.Situation.Project.Name}", $"{Labels.OneOff}=False"))
            .Where(container => container.State is "running" or "restarting" or "paused").Select(container => container.Labels.GetValueOrDefault(Labels.Service)).ToHashSet(StringComparer.Ordinal);
        var left = others.Select(service => service.Name).Where(running.Contains).ToList();
        return left.Count == 0 ? null : new GateResult(Name, false,
            $"expected every service that runs the release among --services, found {string.Join(" and ", left)} on it too: the rollback would leave {(left.Count == 1 ? "it" : "them")} behind",
            $"name all of them: --services {string.Join(' ', deployment.Services.Concat(left))}");
    }

    // The Compose manual's own way to migrate; under a release that doesn't know the database's revision it fails, and what waits for it isn't started.
    private static void WarnOfMigrations(GateContext context, IReadOnlyList<ComposeService> others)
    {
        if (context.Course is not (Course.Keep or Course.RehearseThenKeep) || context.History.Revisions is null || context.History.Revisions.ToHashSet().SetEquals(context.History.TargetHeads))
            return;
        var project = context.Situation.Project;
        foreach (var service in others)
        {
            var waiting = project.Services.Values.Where(other => other.Awaits.Contains(service.Name, StringComparer.Ordinal)).Select(other => other.Name).Order(StringComparer.Ordinal).ToList();
            if (waiting.Count == 0)
                continue;
            var names = string.Join(" and ", waiting);
            context.Shell.Narration.Warn(
                $"{service.Name} has to end well before {names} may start, and a plain `docker compose up` runs it in the release that is rolled back to: where it migrates it will fail there, as that release "
                + $"doesn't know the database's revision, and {names} will be stopped",
                $"until a newer release is deployed use: docker compose up --detach --no-deps {string.Join(' ', context.Deployment.Services)}");
        }
    }

    private static bool IsRelease(Deployment deployment, ComposeService service) =>
        service.Image == deployment.Image || service.Image?.StartsWith(deployment.Image + ":", StringComparison.Ordinal) == true || service.Image?.StartsWith(deployment.Image + "@", StringComparison.Ordinal) == true;
}
