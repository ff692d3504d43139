using Runback.Runbook.Runs;

namespace Runback.Runbook.Verification;

/// <summary>Runs the checks side by side and gives what they found, in the list's order.</summary>
public static class Verifier
{
    /// <summary>Every check of a verification. Adding one is adding a line here.</summary>
    public static IReadOnlyList<ICheck> Checks { get; } =
    [
        new ContainersCheck(),
        new SettledCheck(),
        new HealthCheck(),
        new ReadinessCheck(),
        new RevisionCheck(),
        new SmokeCheck(),
    ];

    /// <summary>Runs them all.</summary>
    public static async Task<IReadOnlyList<CheckRecord>> RunAsync(VerificationContext context, CancellationToken cancellation) =>
        await Task.WhenAll(Checks.Select(check => OneAsync(check, context, cancellation)));

    private static async Task<CheckRecord> OneAsync(ICheck check, VerificationContext context, CancellationToken cancellation)
    {
        try
        {
            return await check.RunAsync(context, cancellation);
        }
        catch (RunbookException exception)
        {
            return new CheckRecord(check.Name, false, "an answer", exception.Message, exception.Hint);
        }
    }
}
