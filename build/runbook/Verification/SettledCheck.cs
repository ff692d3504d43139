using Runback.Runbook.Deployments;
using Runback.Runbook.Engines;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>The app services' containers have run for the settle time without being restarted: a crash loop looks healthy in between.</summary>
public sealed class SettledCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "settled";

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        var before = await ServiceObserver.ObserveAsync(context.Deployment, context.Project, context.Engine, cancellation);
        var began = context.ExchangedAt ?? before.Max(state => state.Container?.StartedAt ?? DateTimeOffset.MinValue);
        // The engine's clock and ours may differ: what this run exchanged is timed by ours, and no more than the settle time is ever waited.
        var age = DateTimeOffset.UtcNow - began;
        var wait = age < TimeSpan.Zero ? context.SettleTime : age < context.SettleTime ? context.SettleTime - age : TimeSpan.Zero;
        await Task.Delay(wait, cancellation);
        var after = await ServiceObserver.ObserveAsync(context.Deployment, context.Project, context.Engine, cancellation);
        var restarted = before.Zip(after).SelectMany(pair => Restarted(pair.First, pair.Second)).ToList();
        return new CheckRecord(
            Name, restarted.Count == 0, $"no restart within {context.SettleTime.TotalSeconds:0.#} s",
            restarted.Count == 0 ? "no restart" : string.Join("; ", restarted),
            restarted.Count == 0 ? null : $"see {new Compose(context.Deployment).Logs(context.Deployment.Services)}");
    }

    // Each replica by itself: one that crashes again and again serves its share of the requests.
    private static IEnumerable<string> Restarted(ServiceState before, ServiceState after)
    {
        if (after.Container?.IsRunning != true || before.Container is null)
            return [Tell(after.Service, after.Container)];
        var earlier = before.Replicas.Append(before.Container).DistinctBy(container => container.Id).ToDictionary(container => container.Id, StringComparer.Ordinal);
        return
        [
            .. after.Replicas.Append(after.Container).DistinctBy(container => container.Id)
                .Where(container => !container.IsRunning || IsFresh(container)
                    || !earlier.TryGetValue(container.Id, out var same) || same.StartedAt != container.StartedAt || container.Restarts > same.Restarts)
                .Select(container => Tell(after.Service, container)),
        ];
    }

    private static string Tell(string service, Container? container) =>
        $"{service}: {container?.Condition ?? "no container"}, {container?.Restarts ?? 0} restarts, last exit code {container?.ExitCode ?? 0}";

    // A crash loop's last restart may lie just before the look; one of long ago says nothing any more.
    private static bool IsFresh(Container container) => container.Restarts > 0 && DateTimeOffset.UtcNow - container.StartedAt < TimeSpan.FromMinutes(5);
}
