using Runback.Runbook.Deployments;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>The app services' containers have run for the settle time without being restarted: a crash loop looks healthy in between.</summary>
public sealed class SettledCheck : ICheck
{
    /// <inheritdoc/>
    public string Name => "settled";

    /// <inheritdoc/>
    public async Task<CheckRecord> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        var before = await ServiceObserver.ObserveAsync(context.Deployment, context.Project, context.Engine, cancellation);
        var youngest = before.Max(state => state.Container?.StartedAt ?? DateTimeOffset.MinValue);
        // The engine's clock and ours may differ; no more than the whole settle time is ever waited.
        var wait = youngest + context.SettleTime - DateTimeOffset.UtcNow;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait < context.SettleTime ? wait : context.SettleTime, cancellation);
        var after = await ServiceObserver.ObserveAsync(context.Deployment, context.Project, context.Engine, cancellation);
        var restarted = before.Zip(after)
            .Where(pair => pair.Second.Container?.IsRunning != true || pair.First.Container?.StartedAt != pair.Second.Container.StartedAt || pair.Second.Container.Restarts > 0)
            .Select(pair => $"{pair.Second.Service}: {pair.Second.Container?.Condition ?? "no container"}, {pair.Second.Container?.Restarts ?? 0} restarts, last exit code {pair.Second.Container?.ExitCode ?? 0}")
            .ToList();
        return new CheckRecord(
            Name, restarted.Count == 0, $"no restart within {context.SettleTime.TotalSeconds:0.#} s",
            restarted.Count == 0 ? "no restart" : string.Join("; ", restarted),
            restarted.Count == 0 ? null : $"see {new Compose(context.Deployment).Logs(context.Deployment.Services)}");
    }
}
