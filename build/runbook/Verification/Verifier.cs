using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>Runs the checks side by side, all with one deadline, and gives what they found, in the list's order.</summary>
public static class Verifier
{
    /// <summary>Every check of a verification. Adding one is adding a line here.</summary>
    public static IReadOnlyList<ICheck> Checks { get; } =
    [
        new ContainersCheck(),
        new SettledCheck(),
        new HealthCheck(),
        new ReadinessCheck(),
        new HeartbeatCheck(),
        new RevisionCheck(),
        new SmokeCheck(),
        new MetricsCheck(),
        new ErrorRateCheck(),
        new LogCheck(),
    ];

    /// <summary>Runs them all; those that have nothing to look at on this deployment are left out.</summary>
    public static Task<IReadOnlyList<CheckRecord>> RunAsync(VerificationContext context, CancellationToken cancellation) =>
        RunAsync(Checks, context, cancellation);

    internal static async Task<IReadOnlyList<CheckRecord>> RunAsync(IReadOnlyList<ICheck> checks, VerificationContext context, CancellationToken cancellation)
    {
        var records = await OnceAsync(checks, context, cancellation);
        if (!records.All(record => record.Passed))
            return records;
        // The database may have been moved, a worker ended, while others waited: what is noted as good is what is there at the end.
        var last = await OnceAsync([.. checks.Where(check => check.IsOfTheMoment)], context, cancellation);
        return [.. records.Select(record => last.FirstOrDefault(again => again.Name == record.Name) ?? record)];
    }

    private static async Task<IReadOnlyList<CheckRecord>> OnceAsync(IReadOnlyList<ICheck> checks, VerificationContext context, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(context.Deadline);
        var records = await Task.WhenAll(checks.Select(check => OneAsync(check, context, deadline.Token)));
        cancellation.ThrowIfCancellationRequested();
        return [.. records.OfType<CheckRecord>()];
    }

    private static async Task<CheckRecord?> OneAsync(ICheck check, VerificationContext context, CancellationToken cancellation)
    {
        try
        {
            return await check.RunAsync(context, cancellation);
        }
        catch (RunbookException exception)
        {
            return new CheckRecord(check.Name, false, "an answer", exception.Message, exception.Hint);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new CheckRecord(check.Name, false, $"an answer within {context.Deadline.TotalSeconds:0.#} s", "none", "see --verify-timeout, and what keeps it waiting");
        }
    }
}
