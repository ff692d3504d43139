using System.Globalization;
using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>
/// The workers signed lately, as the readiness payload tells it (<c>age_seconds</c> against <c>threshold_seconds</c>). A sign of the workers that were
/// replaced can be fresh too, so that one of the new workers is waited for a little.
/// </summary>
public sealed class HeartbeatCheck : ICheck
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => "jobs heartbeat";

    /// <inheritdoc/>
    public async Task<CheckRecord?> RunAsync(VerificationContext context, CancellationToken cancellation)
    {
        // In a copy nobody signs.
        if (context.Deployment.IsCopy)
            return null;
        var waiting = System.Diagnostics.Stopwatch.StartNew();
        Heartbeat? beat = null;
        var signed = false;
        await Patience.UntilAsync(context.Limit, async () =>
        {
            beat = (await Readiness.AskAsync(context.Probe, context.Deployment, context.Deployment.BaseUrl, context.OneAnswer(OneAnswer), cancellation)).Heartbeat;
            signed = beat is not null && (context.ExchangedAt is not { } exchanged || beat.Age < DateTimeOffset.UtcNow - exchanged);
            // Without a heartbeat in the payload there is nothing to wait for: whether it is a payload at all is another check's.
            return beat is null || (beat.IsFresh && (signed || waiting.Elapsed >= context.SettleTime));
        }, cancellation);
        return beat is null ? null : Judge(beat, signed);
    }

    internal CheckRecord Judge(Heartbeat beat, bool signed) => new(
        Name, beat.IsFresh, $"a sign of the last {Text(beat.Threshold)}", beat.Age < TimeSpan.Zero ? $"one of the future: {Text(-beat.Age)} ahead" : $"{Text(beat.Age)} ago",
        beat.IsFresh ? null : "see the workers' log, and the clocks of database and application")
    {
        Warnings = beat.IsFresh && !signed ? ["the last sign of the workers is older than the exchange: the new ones haven't signed yet"] : [],
    };

    private static string Text(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
