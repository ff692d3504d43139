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
        var restarted = before.Zip(after)
            .Where(pair => pair.Second.Container?.IsRunning != true || pair.First.Container?.StartedAt != pair.Second.Container.StartedAt || pair.Second.Container.Restarts > pair.First.Container.Restarts || IsFresh(pair.Second.Container))
            .Select(pair => $"{pair.Second.Service}: {pair.Second.Container?.Condition ?? "no container"}, {pair.Second.Container?.Restarts ?? 0} restarts, last exit code {pair.Second.Container?.ExitCode ?? 0}")
            .ToList();
        return new CheckRecord(
            Name, restarted.Count == 0, $"no restart within {context.SettleTime.TotalSeconds:0.#} s",
            restarted.Count == 0 ? "no restart" : string.Join("; ", restarted),
            restarted.Count == 0 ? null : $"see {new Compose(context.Deployment).Logs(context.Deployment.Services)}");
    }

    // A crash loop's last restart may lie just before the look; one of long ago says nothing any more.
    private static bool IsFresh(Container container) => container.Restarts > 0 && DateTimeOffset.UtcNow - container.StartedAt < TimeSpan.FromMinutes(5);
}
