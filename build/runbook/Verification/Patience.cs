namespace Runback.Runbook.Verification;

/// <summary>Tries again until something holds or the time is up.</summary>
internal static class Patience
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Calls <paramref name="holds"/> until it gives true, or for as long as the limit; the last call's effects stay.</summary>
    public static async Task UntilAsync(TimeSpan limit, Func<Task<bool>> holds, CancellationToken cancellation)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!await holds() && System.Diagnostics.Stopwatch.GetElapsedTime(start) < limit)
            await Task.Delay(Pause, cancellation);
    }
}
