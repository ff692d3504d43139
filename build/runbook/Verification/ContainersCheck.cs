using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>Every app service runs, is healthy, and runs the image that was asked for (or all the same one, when none was).</summary>
public sealed class ContainersCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "containers";

    /// <inheritdoc/>
    public bool IsOfTheMoment => true;

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        var expected = $"{string.Join(", ", context.Deployment.Services)} healthy on {context.Tag ?? "one release"}";
        var (passed, found) = (false, "");
        await Patience.UntilAsync(context.Limit, async () =>
        {
            (passed, found) = Judge(context, await ServiceObserver.ObserveAsync(context.Deployment, context.Project, context.Engine, cancellation));
            return passed;
        }, cancellation);
        return new CheckRecord(Name, passed, expected, found, passed ? null : $"see {new Compose(context.Deployment).Logs(context.Deployment.Services)}");
    }

    private static (bool Passed, string Found) Judge(VerificationContext context, IReadOnlyList<ServiceState> states)
    {
        var image = context.ImageId ?? states[0].Container?.ImageId;
        var passed = states.All(state => state.IsHealthy && state.Container!.ImageId == image);
        return (passed, string.Join("; ", states.Select(state => Describe(state, image))));
    }

    private static string Describe(ServiceState state, string? image) => state.Container is not { } container
        ? $"{state.Service}: no container"
        : $"{state.Service}: {state.Tag}, {container.Condition}{(container.ImageId == image ? "" : ", another image")}"
          + string.Concat(state.Replicas.Where(replica => replica.Id != container.Id && !replica.IsHealthy).Select(replica => $", its replica {replica.Name} {replica.Condition}"));
}
